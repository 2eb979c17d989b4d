-- what may be read of the words in which suppliers code, in place of the words as received
update response set
    themes = list_transform(themes, lambda word: coalesce(map($labels, $masked)[word], word)),
    flags = list_transform(flags, lambda word: coalesce(map($labels, $masked)[word], word)),
    service_raw = coalesce(map($labels, $masked)[service_raw], service_raw),
    mode = coalesce(map($labels, $masked)[mode], mode),
    age = coalesce(map($labels, $masked)[age], age),
    sex = coalesce(map($labels, $masked)[sex], sex),
    ethnicity = coalesce(map($labels, $masked)[ethnicity], ethnicity),
    deprivation = coalesce(map($labels, $masked)[deprivation], deprivation),
    long_term_condition = coalesce(map($labels, $masked)[long_term_condition], long_term_condition),
    disability = coalesce(map($labels, $masked)[disability], disability),
    carer = coalesce(map($labels, $masked)[carer], carer)
where list_has_any(
    themes || flags || [
        service_raw, mode, age, sex, ethnicity, deprivation, long_term_condition, disability, carer
    ],
    $labels
);
