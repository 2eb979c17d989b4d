-- version 4: Friends and Family figures by group of people, as a reformed test may publish them.
alter table fft_fact add column if not exists group_dimension varchar default '';
alter table fft_fact add column if not exists group_value varchar default '';
