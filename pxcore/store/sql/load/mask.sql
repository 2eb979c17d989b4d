-- what may be read of comments, in place of what older rules left
delete from redaction as d using incoming as i
where d.extract = i.extract and d.response = i.response;
