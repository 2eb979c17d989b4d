-- the words of an extract's documents
update document set comment = '', theme = '' where extract = $extract;
