-- keep the record key of each response; the frame is registered as ‘incoming’
update response as r
set record_key = i.record_key
from incoming as i
where r.extract = i.extract and r.response = i.response;
