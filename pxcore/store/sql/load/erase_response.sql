-- the words of an extract, as they came and as its supplier sorted them
update response set comment = '', themes = [], flags = [] where extract = $extract;
