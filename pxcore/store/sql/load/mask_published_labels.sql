-- the same of themes that a report tells
update summary set theme = map($labels, $masked)[theme]
where theme in (select unnest($labels));
