-- a name folded for matching: “Health Partners @ Violet Melchett” and
-- “Health-Partners-at-Violet-Melchett” have one key
create or replace macro name_key(said) as
    trim(regexp_replace(
        regexp_replace(
            replace(replace(replace(replace(lower(said), '@', ' at '), '&', ' and '), '''', ''), '’', ''),
            '[^a-z0-9]+', ' ', 'g'
        ),
        ' +', ' ', 'g'
    ));

-- the name without the words that half of all practices share: for suggestions only
create or replace macro name_core(said) as
    trim(regexp_replace(
        regexp_replace(
            name_key(said),
            '\b(the|nhs|foundation|trust|surgery|medical|health|centre|center|practice|group|clinic|hospital|pcn|primary|care|network)\b',
            ' ', 'g'
        ),
        ' +', ' ', 'g'
    ));
