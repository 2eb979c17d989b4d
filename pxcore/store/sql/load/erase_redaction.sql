-- what might be read of the words of an extract
delete from redaction where extract = $extract;
