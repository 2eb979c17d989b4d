-- the view of a code, or of a view key
select * from coded_view where code = $code or view_key = $view_key
