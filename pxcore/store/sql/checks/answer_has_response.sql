-- every answer belongs to a response of its own extract
select a.extract, a.response
from answer as a
anti join response as r using (extract, response);
