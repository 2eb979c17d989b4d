-- one coding of one comment, known from now on by its source, its own id and its words
insert into coding
select
    nextval('coding_number'), r.source, r.response, md5(replace(r.comment, chr(8232), ' ')), $coder, $outcome, $themes, $sentiment,
    $coded_at
from response as r
where r.extract = $extract and r.response = $response and r.comment <> '';
