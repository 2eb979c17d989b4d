-- an answer may have been given in words
update answer set answer = '' where extract = $extract;
