-- the same of what documents say of themselves
update document set
    theme = coalesce(map($labels, $masked)[theme], theme),
    method = coalesce(map($labels, $masked)[method], method),
    written_by = coalesce(map($labels, $masked)[written_by], written_by)
where list_has_any([theme, method, written_by], $labels);
