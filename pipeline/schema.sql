-- The working database. Rebuilt from the journal; keys are the program's business (checked by tests, not by
-- indexes, which would cost every load). Names follow Nghị định 30/2020/NĐ-CP, Phụ lục VI, where one fits.

CREATE TABLE meta (key VARCHAR, value VARCHAR);
COMMENT ON TABLE meta IS 'What this file is: schema version, last event applied, time of publication';
COMMENT ON COLUMN meta.key IS 'schema, applied or published_at';
COMMENT ON COLUMN meta.value IS 'Its value';

CREATE MACRO fold(words) AS replace(lower(strip_accents(words)), 'đ', 'd');
COMMENT ON MACRO fold IS 'Lower case without diacritics: what text is searched by';

CREATE MACRO same_code(number, notation) AS ltrim(number, '0') || '/' || upper(regexp_replace(notation, '\s', '', 'g'));
COMMENT ON MACRO same_code IS 'Number and symbol to compare by, however they are written';

-- Bodies of provinces bear the same names: two provinces' `Sở Tài chính` are told apart by what stands behind the name.
CREATE MACRO is_province(place) AS regexp_matches(coalesce(place, ''), '^(Tỉnh|Thành phố) ');
COMMENT ON MACRO is_province IS 'Whether the scope of a body is a province';

CREATE MACRO bare_province(province) AS regexp_replace(province, '^(Tỉnh|Thành phố) ', '');
COMMENT ON MACRO bare_province IS 'The name of a province alone: Lâm Đồng';

CREATE MACRO without_province(body, province) AS CASE
    WHEN NOT is_province(province) OR body = province THEN body
    WHEN starts_with(body, 'Sở ') THEN regexp_replace(body, '( tỉnh| thành phố)? ' || bare_province(province) || '$', '')
    ELSE regexp_replace(body, ' (tỉnh|thành phố) ' || bare_province(province) || '$', ' \1') END;
COMMENT ON MACRO without_province IS 'A body''s name without its province, as its own letters write it: Sở Y tế, Công an tỉnh';

CREATE MACRO with_province(body, province) AS CASE
    WHEN NOT is_province(province) OR contains(body, bare_province(province)) THEN body
    WHEN starts_with(body, 'Sở ') THEN body || ' ' || lower(province[1]) || province[2:]
    WHEN regexp_matches(body, ' (tỉnh|thành phố)$') THEN body || ' ' || bare_province(province)
    ELSE body || ' (' || lower(province[1]) || province[2:] || ')' END;
COMMENT ON MACRO with_province IS 'A body''s name with its province, Sở Tài chính tỉnh Lâm Đồng, unless it is central or its name says so';

-- Units of central bodies bear the same names, too.
CREATE MACRO with_house(body, house) AS CASE
    WHEN house IS NULL OR contains(body, house) OR regexp_matches(body, ' Bộ [A-ZĐ]') THEN body
    WHEN regexp_matches(body, '^(Vụ |Cục |(Văn phòng|Thanh tra) Bộ$)') THEN body || ' (' || house || ')'
    ELSE body END;
COMMENT ON MACRO with_house IS 'A unit''s name with the central body it is of, Vụ Pháp chế (Bộ Y tế), unless its name says so';

CREATE MACRO is_of_its_letter(body) AS NOT regexp_matches(body, '^Các (bộ|địa phương|tỉnh|thành phố|nước)( |,|$)')
    AND ((starts_with(body, 'Các ') AND body[5] <> upper(body[5])) OR regexp_matches(body, ' (xã|phường|thôn|đặc khu)$'));
COMMENT ON MACRO is_of_its_letter IS 'Whether a name means other bodies in another office''s letter: Các đơn vị liên quan, Các xóm, Văn phòng Ủy ban nhân dân xã';

CREATE MACRO with_office(body, house, place) AS CASE
    WHEN house IS NULL THEN CASE WHEN is_of_its_letter(body) AND NOT contains(body, place) THEN body || ' (' || place || ')' ELSE body END
    WHEN regexp_matches(body, '^Các (đơn vị|vụ|cục|viện|trường|phòng)( |,|$)') AND NOT contains(body, house) THEN body || ' (' || house || ')'
    ELSE with_house(body, house) END;
COMMENT ON MACRO with_office IS 'A body''s name with the central body, or the place, of the office whose letter names it, Các đơn vị liên quan (Bộ Y tế), where it means others elsewhere';

CREATE MACRO with_own_province(body, province) AS CASE
    WHEN regexp_matches(body, '^(Sở|Các sở|Các xã|Các phường|Ủy ban nhân dân (các|cấp|xã|phường|đặc khu)|Phòng|Chi cục|Ban Quản lý) | (tỉnh|thành phố|Tỉnh uỷ|Thành uỷ)$')
        THEN with_province(body, province)
    ELSE body END;
COMMENT ON MACRO with_own_province IS 'The same of a name as people write it: only where its form is that of a province''s body';

-- What two mentions of one task are likely to share: pairs of neighbouring words by their hashes, one pair of three
-- kept where there are many. The hash is DuckDB's own, which is why a database of another DuckDB is rebuilt.
CREATE MACRO link_keys(folded) AS list_transform(
    [regexp_extract_all(replace(folded, 'y', 'i'), '[a-z0-9]+')],
    lambda words: list_distinct(list_filter(
        list_transform(range(1, len(words)),
            lambda i: (hash(words[i] || ' ' || words[i + 1]) & 4294967295)::UINTEGER),
        lambda key: len(words) <= 16 OR key % 3 = 0)))[1];
COMMENT ON MACRO link_keys IS 'Keys of a folded text by which the same task is looked for in other letters';

CREATE TABLE letters (
    letter_id VARCHAR, doc_type VARCHAR, code_number VARCHAR, code_notation VARCHAR, issued_date DATE,
    place VARCHAR, organ_name VARCHAR, organ_parent VARCHAR, subject VARCHAR, subject_folded VARCHAR,
    signer_full_name VARCHAR, signer_position VARCHAR, signer_authority VARCHAR, urgency VARCHAR,
    arrival_number VARCHAR, arrival_date DATE, recipients VARCHAR[], copies VARCHAR[], annexes_named VARCHAR[],
    unknown VARCHAR[], document_sha256 VARCHAR, is_draft BOOLEAN, same_code VARCHAR
);
COMMENT ON TABLE letters IS 'One row an official letter, which may have come as several files';
COMMENT ON COLUMN letters.letter_id IS 'Opaque id, kept for ever';
COMMENT ON COLUMN letters.doc_type IS 'Type by Nghị định 30/2020 (Quyết định, Công văn …)';
COMMENT ON COLUMN letters.code_number IS 'Số: the number alone, as text';
COMMENT ON COLUMN letters.code_notation IS 'Ký hiệu: the symbol after the number';
COMMENT ON COLUMN letters.issued_date IS 'Day of issue';
COMMENT ON COLUMN letters.place IS 'Địa danh';
COMMENT ON COLUMN letters.organ_name IS 'Issuing body';
COMMENT ON COLUMN letters.organ_parent IS 'The body above the issuer, as the letterhead names it';
COMMENT ON COLUMN letters.subject IS 'Trích yếu';
COMMENT ON COLUMN letters.subject_folded IS 'Subject in lower case without diacritics, for search';
COMMENT ON COLUMN letters.signer_full_name IS 'Who signed';
COMMENT ON COLUMN letters.signer_position IS 'The signer''s office';
COMMENT ON COLUMN letters.signer_authority IS 'TM., Q., KT., TL. or TUQ.';
COMMENT ON COLUMN letters.urgency IS 'KHẨN, THƯỢNG KHẨN, HỎA TỐC; null where unmarked';
COMMENT ON COLUMN letters.arrival_number IS 'Số đến';
COMMENT ON COLUMN letters.arrival_date IS 'Ngày đến';
COMMENT ON COLUMN letters.recipients IS 'Kính gửi, a line each';
COMMENT ON COLUMN letters.copies IS 'Nơi nhận, a line each';
COMMENT ON COLUMN letters.annexes_named IS 'Annexes the letter speaks of';
COMMENT ON COLUMN letters.unknown IS 'Fields that could not be read, as field: reason';
COMMENT ON COLUMN letters.document_sha256 IS 'The file that represents the letter';
COMMENT ON COLUMN letters.is_draft IS 'Whether it bears the words DỰ THẢO at its head: its tasks are no tasks yet';
COMMENT ON COLUMN letters.same_code IS 'Number and symbol to compare by, however they are written';

CREATE TABLE documents (
    document_sha256 VARCHAR, name VARCHAR, media_type VARCHAR, size BIGINT, received_at TIMESTAMP,
    drops INTEGER, status VARCHAR, reading VARCHAR, reader VARCHAR, extractor VARCHAR, page_count INTEGER,
    unread_pages INTEGER, letter_id VARCHAR, is_representative BOOLEAN, province VARCHAR,
    house VARCHAR
);
COMMENT ON TABLE documents IS 'One row a file, known by the hash of its bytes';
COMMENT ON COLUMN documents.document_sha256 IS 'SHA-256 of the file, hex';
COMMENT ON COLUMN documents.name IS 'File name at its first drop';
COMMENT ON COLUMN documents.media_type IS 'Type told by content';
COMMENT ON COLUMN documents.size IS 'Bytes';
COMMENT ON COLUMN documents.received_at IS 'When it was received, UTC';
COMMENT ON COLUMN documents.drops IS 'How often it was dropped';
COMMENT ON COLUMN documents.status IS 'received, read, extracted, failed, or split: a scan of several letters, see document_parts';
COMMENT ON COLUMN documents.reading IS 'Blob of what was read';
COMMENT ON COLUMN documents.reader IS 'Version of the reading code';
COMMENT ON COLUMN documents.extractor IS 'Version of the extraction rules';
COMMENT ON COLUMN documents.page_count IS 'Pages; 0 for formats without';
COMMENT ON COLUMN documents.unread_pages IS 'Pages that could not be read';
COMMENT ON COLUMN documents.letter_id IS 'The letter it belongs to';
COMMENT ON COLUMN documents.is_representative IS 'False: another copy of a letter that is counted by its representative';

COMMENT ON COLUMN documents.province IS 'The province whose bodies it names, where it is one, and not our own';
COMMENT ON COLUMN documents.house IS 'The central body whose units it means: its issuer, or the body above, where that is not us';

CREATE TABLE document_parts (document_sha256 VARCHAR, part_of VARCHAR, first_page INTEGER, last_page INTEGER);
COMMENT ON TABLE document_parts IS 'Letters that were scanned in one go into one file, each a document of its own';
COMMENT ON COLUMN document_parts.document_sha256 IS 'The letter''s own pages as a document';
COMMENT ON COLUMN document_parts.part_of IS 'The scan they came in, a document too';
COMMENT ON COLUMN document_parts.first_page IS 'Where it begins in the scan, from 1';
COMMENT ON COLUMN document_parts.last_page IS 'Where it ends in the scan';

CREATE TABLE drops (drop_id VARCHAR, document_sha256 VARCHAR, name VARCHAR, dropped_at TIMESTAMP, again BOOLEAN);
COMMENT ON TABLE drops IS 'Every time a file was dropped, the same one again included';
COMMENT ON COLUMN drops.drop_id IS 'Opaque id of the drop';
COMMENT ON COLUMN drops.document_sha256 IS 'The document it was';
COMMENT ON COLUMN drops.name IS 'File name at this drop';
COMMENT ON COLUMN drops.dropped_at IS 'When, UTC';
COMMENT ON COLUMN drops.again IS 'True: the document was known already';

CREATE TABLE letter_relations (
    letter_id VARCHAR, kind VARCHAR, target VARCHAR, target_letter_id VARCHAR, document_sha256 VARCHAR,
    number VARCHAR, notation VARCHAR, moved_to DATE, moved_from DATE, about VARCHAR, words VARCHAR, page INTEGER,
    same_code VARCHAR
);
COMMENT ON TABLE letter_relations IS 'What a letter is or does to another one';
COMMENT ON COLUMN letter_relations.letter_id IS 'The letter';
COMMENT ON COLUMN letter_relations.kind IS 'annex_of, same_as, replies_to, replaces, corrects, extends, withdraws';
COMMENT ON COLUMN letter_relations.target IS 'The other letter as written';
COMMENT ON COLUMN letter_relations.target_letter_id IS 'The other letter, where we have it';
COMMENT ON COLUMN letter_relations.document_sha256 IS 'The file that says so';
COMMENT ON COLUMN letter_relations.number IS 'Number of the other letter, where written';
COMMENT ON COLUMN letter_relations.notation IS 'Symbol of the other letter, where written';
COMMENT ON COLUMN letter_relations.moved_to IS 'Where it extends the other: the new last day';
COMMENT ON COLUMN letter_relations.moved_from IS 'The day that it moves, where it says so';
COMMENT ON COLUMN letter_relations.about IS 'What the deadline is of, in its words';
COMMENT ON COLUMN letter_relations.words IS 'The sentence that says so';
COMMENT ON COLUMN letter_relations.page IS 'The page on which it stands';
COMMENT ON COLUMN letter_relations.same_code IS 'Number and symbol to compare by, however they are written';

CREATE TABLE pages (
    document_sha256 VARCHAR, page INTEGER, width DOUBLE, height DOUBLE, source VARCHAR, reason VARCHAR,
    words INTEGER, confidence DOUBLE
);
COMMENT ON TABLE pages IS 'One row a page of a document that has pages';
COMMENT ON COLUMN pages.document_sha256 IS 'The document';
COMMENT ON COLUMN pages.page IS 'Number from 1';
COMMENT ON COLUMN pages.width IS 'Points';
COMMENT ON COLUMN pages.height IS 'Points';
COMMENT ON COLUMN pages.source IS 'text_layer, ocr, both or unread';
COMMENT ON COLUMN pages.reason IS 'Why it is unread';
COMMENT ON COLUMN pages.words IS 'Words on it';
COMMENT ON COLUMN pages.confidence IS 'Mean confidence of the engine; null for a text layer';

CREATE TABLE tasks (
    task_id VARCHAR, document_sha256 VARCHAR, letter_id VARCHAR, ordinal INTEGER, status VARCHAR, text VARCHAR,
    text_folded VARCHAR, deadline_text VARCHAR, deadline_kind VARCHAR, deadline_date DATE, relation VARCHAR,
    grain VARCHAR, anchor VARCHAR, due_date DATE, due_time TIME, deadline_reason VARCHAR, source_doc VARCHAR,
    result VARCHAR, modality VARCHAR, section VARCHAR[], assigned_by VARCHAR, concerns_us VARCHAR,
    confidence_text DOUBLE, confidence_lead DOUBLE, confidence_deadline DOUBLE, confidence DOUBLE,
    reasons VARCHAR[], rules VARCHAR[], page INTEGER, places JSON, lead VARCHAR[], coop VARCHAR[], reported VARCHAR,
    link_keys UINTEGER[], evidence JSON, recurs VARCHAR[], reported_progress VARCHAR,
    lead_bodies VARCHAR[], coop_bodies VARCHAR[], our_role VARCHAR
);
COMMENT ON TABLE tasks IS 'Tasks as the machine read them; corrections are laid over in current_tasks';
COMMENT ON COLUMN tasks.task_id IS 'Opaque id, given once and kept over re-reading';
COMMENT ON COLUMN tasks.document_sha256 IS 'The file it stands in';
COMMENT ON COLUMN tasks.letter_id IS 'The letter it stands in';
COMMENT ON COLUMN tasks.ordinal IS 'Order in the document, from 1';
COMMENT ON COLUMN tasks.status IS 'current; added by a person; or orphan: no longer found by the machine, kept for what people said of it';
COMMENT ON COLUMN tasks.text IS 'Verbatim, white space collapsed';
COMMENT ON COLUMN tasks.text_folded IS 'Lower case without diacritics, for search';
COMMENT ON COLUMN tasks.deadline_text IS 'The deadline as written';
COMMENT ON COLUMN tasks.deadline_kind IS 'date, month, quarter, year, recurring, relative or none';
COMMENT ON COLUMN tasks.deadline_date IS 'What the letter states: the last day of the period named';
COMMENT ON COLUMN tasks.relation IS 'before, by, on, within, from_to, recurring, ongoing, event or none';
COMMENT ON COLUMN tasks.grain IS 'hour, day, month, quarter, half, year or span';
COMMENT ON COLUMN tasks.anchor IS 'What a relative deadline counts from';
COMMENT ON COLUMN tasks.due_date IS 'Computed last day, relative deadlines resolved';
COMMENT ON COLUMN tasks.due_time IS 'Computed hour of that day, where the letter sets one';
COMMENT ON COLUMN tasks.deadline_reason IS 'Why the date is null or doubtful';
COMMENT ON COLUMN tasks.source_doc IS 'The document that assigned it';
COMMENT ON COLUMN tasks.result IS 'What it must yield';
COMMENT ON COLUMN tasks.modality IS 'assigned or proposed';
COMMENT ON COLUMN tasks.section IS 'Path of headings';
COMMENT ON COLUMN tasks.assigned_by IS 'Who gives the order, where not the issuer';
COMMENT ON COLUMN tasks.concerns_us IS 'named, collective, condition, excluded or no';
COMMENT ON COLUMN tasks.confidence_text IS 'Probability that the text is right';
COMMENT ON COLUMN tasks.confidence_lead IS 'Probability that the leads are right';
COMMENT ON COLUMN tasks.confidence_deadline IS 'Probability that the deadline is right';
COMMENT ON COLUMN tasks.confidence IS 'Probability that all three are right';
COMMENT ON COLUMN tasks.reasons IS 'What makes a value doubtful';
COMMENT ON COLUMN tasks.rules IS 'Ids of the rules that fired';
COMMENT ON COLUMN tasks.page IS 'Page where the text begins';
COMMENT ON COLUMN tasks.places IS 'Where each value stands: page and box, block and characters';
COMMENT ON COLUMN tasks.lead IS 'Leading bodies, canonical as of the letter''s date';
COMMENT ON COLUMN tasks.coop IS 'Cooperating bodies, likewise';
COMMENT ON COLUMN tasks.our_role IS
    'What we do in a task that concerns us: leads; among_all: a collective that leads it means us; cooperates; null: none of these';
COMMENT ON COLUMN tasks.lead_bodies IS
    'Leading bodies told apart: a province''s with its province behind it, Sở Y tế tỉnh Lâm Đồng, unless it is our own, and a unit with its ministry, Vụ Pháp chế (Bộ Y tế); to group and count by';
COMMENT ON COLUMN tasks.coop_bodies IS 'Cooperating bodies told apart, likewise';
COMMENT ON COLUMN tasks.reported IS
    'What the letter reports of the task: done_in_time, done_late, done (not said which), not_done_in_time or not_done_late; null: nothing';
COMMENT ON COLUMN tasks.evidence IS 'Names of what its confidence was computed from, by field';
COMMENT ON COLUMN tasks.recurs IS
    'Days on which a recurring duty falls due: MM-DD of a year (31: the last of its month), or W1 (Monday) to W7';
COMMENT ON COLUMN tasks.reported_progress IS 'How far it is, as the letter''s table says';
COMMENT ON COLUMN tasks.link_keys IS 'Keys by which the same task is looked for in other letters';

-- The other way round from tasks.link_keys: looking up a new letter's keys must not cost more in a larger register.
CREATE TABLE link_keys_held (key UINTEGER, tasks BIGINT, holders VARCHAR[]);
COMMENT ON TABLE link_keys_held IS 'Which tasks hold a key, where they are few: what many share tells none of them apart';
COMMENT ON COLUMN link_keys_held.key IS 'One of tasks.link_keys';
COMMENT ON COLUMN link_keys_held.tasks IS 'How many tasks hold it';
COMMENT ON COLUMN link_keys_held.holders IS 'Their ids; none where they are more than most_holders()';

CREATE MACRO most_holders() AS 300;
COMMENT ON MACRO most_holders IS 'Tasks that may hold a key for it still to tell them apart';


CREATE TABLE task_links (
    document_sha256 VARCHAR, task_id VARCHAR, other_id VARCHAR, other_document VARCHAR, level VARCHAR,
    confidence DOUBLE, reasons VARCHAR[]
);
COMMENT ON TABLE task_links IS 'The same task in two places as the machine sees it; what holds stands in links';
COMMENT ON COLUMN task_links.document_sha256 IS 'The document whose extraction found the link';
COMMENT ON COLUMN task_links.task_id IS 'A task of that document';
COMMENT ON COLUMN task_links.other_id IS 'The other mention of it';
COMMENT ON COLUMN task_links.other_document IS 'The document of that mention';
COMMENT ON COLUMN task_links.level IS 'exact, likely or possible';
COMMENT ON COLUMN task_links.confidence IS 'How sure that both are one task, 0 to 1';
COMMENT ON COLUMN task_links.reasons IS 'What speaks for and against it';

CREATE TABLE link_judgements (
    seq BIGINT, recorded_at TIMESTAMP, task_id VARCHAR, other_id VARCHAR, verdict VARCHAR, who VARCHAR, why VARCHAR,
    undoes BIGINT
);
COMMENT ON TABLE link_judgements IS 'What people said of links; append-only, the last word about a pair holds';
COMMENT ON COLUMN link_judgements.seq IS 'The journal''s event';
COMMENT ON COLUMN link_judgements.recorded_at IS 'When, UTC';
COMMENT ON COLUMN link_judgements.task_id IS 'A task';
COMMENT ON COLUMN link_judgements.other_id IS 'The other task';
COMMENT ON COLUMN link_judgements.verdict IS 'confirmed, refused, or open: the judgement is taken back';
COMMENT ON COLUMN link_judgements.who IS 'Who';
COMMENT ON COLUMN link_judgements.why IS 'Why';
COMMENT ON COLUMN link_judgements.undoes IS 'The judgement taken back';

CREATE TABLE task_states (
    seq BIGINT, recorded_at TIMESTAMP, task_id VARCHAR, state VARCHAR, done_on DATE, through DATE, progress VARCHAR,
    note VARCHAR, source VARCHAR, who VARCHAR, why VARCHAR, undoes BIGINT, letter_id VARCHAR, document_sha256 VARCHAR,
    page INTEGER, dated DATE, by_task_id VARCHAR, because VARCHAR, moved_to DATE, verdict VARCHAR, in_time BOOLEAN
);
COMMENT ON TABLE task_states IS 'What people said of the state of tasks; append-only. A null says nothing of its field';
COMMENT ON COLUMN task_states.seq IS 'The journal''s event';
COMMENT ON COLUMN task_states.recorded_at IS 'When, UTC';
COMMENT ON COLUMN task_states.task_id IS 'The task';
COMMENT ON COLUMN task_states.state IS 'open, done, cancelled or superseded';
COMMENT ON COLUMN task_states.done_on IS 'Day it was done';
COMMENT ON COLUMN task_states.in_time IS 'Whether it was done in time, as far as that is said without the day';
COMMENT ON COLUMN task_states.through IS 'Of a recurring duty: the last due day that is done with';
COMMENT ON COLUMN task_states.progress IS 'How far it is, in words; empty: nothing any more';
COMMENT ON COLUMN task_states.note IS 'The office''s note; empty: nothing any more';
COMMENT ON COLUMN task_states.source IS 'What says so: a letter, a workbook, a person';
COMMENT ON COLUMN task_states.who IS 'Who';
COMMENT ON COLUMN task_states.why IS 'Why';
COMMENT ON COLUMN task_states.undoes IS 'The entry taken back';
COMMENT ON COLUMN task_states.letter_id IS 'The letter that says so';
COMMENT ON COLUMN task_states.document_sha256 IS 'The file in which it does';
COMMENT ON COLUMN task_states.page IS 'The page on which it does';
COMMENT ON COLUMN task_states.dated IS 'Day of issue of that letter, as it was when this was said';
COMMENT ON COLUMN task_states.by_task_id IS 'The other mention of the task that says so';
COMMENT ON COLUMN task_states.because IS 'In which way, as proposed_states.because';
COMMENT ON COLUMN task_states.moved_to IS 'The new last day that a later letter sets';
COMMENT ON COLUMN task_states.verdict IS 'Of that day: refused; null: it holds';

CREATE TABLE task_agencies (
    task_id VARCHAR, role VARCHAR, ordinal INTEGER, name VARCHAR, as_written VARCHAR, current_name VARCHAR,
    scope VARCHAR, kind VARCHAR, unit VARCHAR, via VARCHAR
);
COMMENT ON TABLE task_agencies IS 'Bodies of tasks as the machine read them';
COMMENT ON COLUMN task_agencies.task_id IS 'The task';
COMMENT ON COLUMN task_agencies.role IS 'lead or coop';
COMMENT ON COLUMN task_agencies.ordinal IS 'Order as named, from 1';
COMMENT ON COLUMN task_agencies.name IS 'Canonical as of the letter''s date';
COMMENT ON COLUMN task_agencies.as_written IS 'As the letter writes it';
COMMENT ON COLUMN task_agencies.current_name IS 'The body that answers today; null where it was split';
COMMENT ON COLUMN task_agencies.scope IS 'trung ương, or its province';
COMMENT ON COLUMN task_agencies.kind IS 'ministry, province, local, party …';
COMMENT ON COLUMN task_agencies.unit IS 'Unit named in brackets';
COMMENT ON COLUMN task_agencies.via IS 'How it was found';

CREATE TABLE task_history (seq BIGINT, document_sha256 VARCHAR, old_id VARCHAR, new_id VARCHAR, kind VARCHAR);
COMMENT ON TABLE task_history IS 'What became of tasks when a document was read again';
COMMENT ON COLUMN task_history.seq IS 'The journal''s event';
COMMENT ON COLUMN task_history.document_sha256 IS 'The document';
COMMENT ON COLUMN task_history.old_id IS 'Task before';
COMMENT ON COLUMN task_history.new_id IS 'Task after; null where gone';
COMMENT ON COLUMN task_history.kind IS 'split, merged or orphaned';

CREATE TABLE agencies (
    name VARCHAR, scope VARCHAR, kind VARCHAR, valid_from DATE, valid_to DATE, symbols VARCHAR[],
    aliases VARCHAR[], parent VARCHAR, successors VARCHAR[]
);
COMMENT ON TABLE agencies IS 'The gazetteer';
COMMENT ON COLUMN agencies.name IS 'Full official name';
COMMENT ON COLUMN agencies.scope IS 'trung ương, or the province';
COMMENT ON COLUMN agencies.kind IS 'ministry, province, local, party …';
COMMENT ON COLUMN agencies.valid_from IS 'First day under this name; null: open';
COMMENT ON COLUMN agencies.valid_to IS 'Last day under this name; null: still';
COMMENT ON COLUMN agencies.symbols IS 'As in document symbols';
COMMENT ON COLUMN agencies.aliases IS 'Other spellings';
COMMENT ON COLUMN agencies.parent IS 'The body above';
COMMENT ON COLUMN agencies.successors IS 'Who took over';

CREATE TABLE citations (
    document_sha256 VARCHAR, ordinal INTEGER, text VARCHAR, doc_type VARCHAR, number VARCHAR, notation VARCHAR,
    issued_on DATE, title VARCHAR, same_code VARCHAR
);
COMMENT ON TABLE citations IS 'Documents that letters refer to';
COMMENT ON COLUMN citations.document_sha256 IS 'The file that cites';
COMMENT ON COLUMN citations.ordinal IS 'Order, from 1';
COMMENT ON COLUMN citations.text IS 'As written';
COMMENT ON COLUMN citations.doc_type IS 'Type';
COMMENT ON COLUMN citations.number IS 'Number';
COMMENT ON COLUMN citations.notation IS 'Symbol';
COMMENT ON COLUMN citations.issued_on IS 'Date, where stated';
COMMENT ON COLUMN citations.title IS 'Title, where stated';
COMMENT ON COLUMN citations.same_code IS 'Number and symbol to compare by, however they are written';

CREATE TABLE corrections (
    seq BIGINT, recorded_at TIMESTAMP, task_id VARCHAR, field VARCHAR, seen JSON, value JSON, who VARCHAR, why VARCHAR,
    undoes BIGINT
);
COMMENT ON TABLE corrections IS 'What people said of tasks; append-only';
COMMENT ON COLUMN corrections.seq IS 'The journal''s event';
COMMENT ON COLUMN corrections.recorded_at IS 'When, UTC';
COMMENT ON COLUMN corrections.task_id IS 'The task';
COMMENT ON COLUMN corrections.field IS 'The field';
COMMENT ON COLUMN corrections.seen IS 'The value the person saw';
COMMENT ON COLUMN corrections.value IS 'The value the person set';
COMMENT ON COLUMN corrections.who IS 'Who';
COMMENT ON COLUMN corrections.why IS 'Why';
COMMENT ON COLUMN corrections.undoes IS 'The correction taken back';

CREATE TABLE acts (
    seq BIGINT, recorded_at TIMESTAMP, act VARCHAR, document_sha256 VARCHAR, task_id VARCHAR, added VARCHAR[],
    who VARCHAR, why VARCHAR, undoes BIGINT
);
COMMENT ON TABLE acts IS 'What people did on the review page, an act a row; its corrections have the same seq';
COMMENT ON COLUMN acts.seq IS 'The journal''s event';
COMMENT ON COLUMN acts.recorded_at IS 'When, UTC';
COMMENT ON COLUMN acts.act IS 'accept, approve, correct, reject, reopen, split, merge, add or undo';
COMMENT ON COLUMN acts.document_sha256 IS 'The document';
COMMENT ON COLUMN acts.task_id IS 'The task it was about';
COMMENT ON COLUMN acts.added IS 'Tasks a person added by it';
COMMENT ON COLUMN acts.who IS 'Who';
COMMENT ON COLUMN acts.why IS 'Why';
COMMENT ON COLUMN acts.undoes IS 'The act taken back';

CREATE TABLE acceptances (
    seq BIGINT, recorded_at TIMESTAMP, document_sha256 VARCHAR, task_id VARCHAR, outcome VARCHAR, confidence DOUBLE,
    threshold DOUBLE, calibration VARCHAR, digest VARCHAR
);
COMMENT ON TABLE acceptances IS 'Records accepted unseen, drawn for audit, or reopened; append-only';
COMMENT ON COLUMN acceptances.seq IS 'The journal''s event';
COMMENT ON COLUMN acceptances.recorded_at IS 'When, UTC';
COMMENT ON COLUMN acceptances.document_sha256 IS 'The document';
COMMENT ON COLUMN acceptances.task_id IS 'The task';
COMMENT ON COLUMN acceptances.outcome IS
    'accepted; audited: left open for a person, though sure enough; reopened: read otherwise since it was accepted';
COMMENT ON COLUMN acceptances.confidence IS 'Its confidence then';
COMMENT ON COLUMN acceptances.threshold IS 'The threshold then';
COMMENT ON COLUMN acceptances.calibration IS 'Version of the calibration then';
COMMENT ON COLUMN acceptances.digest IS 'Digest of text, leads and deadline as they were accepted';

CREATE TABLE calibrations (
    seq BIGINT, recorded_at TIMESTAMP, version VARCHAR, calibration JSON, aliases JSON, who VARCHAR
);
COMMENT ON TABLE calibrations IS 'What the office''s corrections taught, as it was switched on; the last row is in force';
COMMENT ON COLUMN calibrations.seq IS 'The journal''s event';
COMMENT ON COLUMN calibrations.recorded_at IS 'When, UTC';
COMMENT ON COLUMN calibrations.version IS 'Its name';
COMMENT ON COLUMN calibrations.calibration IS 'The fitted tables; null: those that ship';
COMMENT ON COLUMN calibrations.aliases IS 'What letters write → the body that reviewers say it is';
COMMENT ON COLUMN calibrations.who IS 'Who switched it on';

CREATE TABLE possible_misses (
    miss_id VARCHAR, document_sha256 VARCHAR, ordinal INTEGER, text VARCHAR, score DOUBLE, signs VARCHAR[], page INTEGER,
    places JSON
);
COMMENT ON TABLE possible_misses IS 'Sentences that look like tasks but were not extracted';
COMMENT ON COLUMN possible_misses.miss_id IS 'The same for the same words in the same document, however often it is read';
COMMENT ON COLUMN possible_misses.document_sha256 IS 'The document';
COMMENT ON COLUMN possible_misses.ordinal IS 'Order in the document, from 1';
COMMENT ON COLUMN possible_misses.text IS 'Verbatim, white space collapsed';
COMMENT ON COLUMN possible_misses.score IS 'How much it looks like a task; the more the likelier';
COMMENT ON COLUMN possible_misses.signs IS 'What makes it look so';
COMMENT ON COLUMN possible_misses.page IS 'Page where it begins';
COMMENT ON COLUMN possible_misses.places IS 'Where it stands: page and box, block and characters';

CREATE TABLE miss_judgements (
    seq BIGINT, recorded_at TIMESTAMP, document_sha256 VARCHAR, miss_id VARCHAR, verdict VARCHAR, who VARCHAR
);
COMMENT ON TABLE miss_judgements IS 'What people said of possible misses; append-only, the last word holds';
COMMENT ON COLUMN miss_judgements.seq IS 'The journal''s event';
COMMENT ON COLUMN miss_judgements.recorded_at IS 'When, UTC';
COMMENT ON COLUMN miss_judgements.document_sha256 IS 'The document';
COMMENT ON COLUMN miss_judgements.miss_id IS 'The sentence';
COMMENT ON COLUMN miss_judgements.verdict IS 'added as a task, dismissed, or open: the judgement is taken back';
COMMENT ON COLUMN miss_judgements.who IS 'Who';

CREATE TABLE letter_corrections (
    seq BIGINT, recorded_at TIMESTAMP, letter_id VARCHAR, document_sha256 VARCHAR, field VARCHAR, seen JSON, value JSON,
    who VARCHAR
);
COMMENT ON TABLE letter_corrections IS 'What people said of letterheads; append-only, applied to letters';
COMMENT ON COLUMN letter_corrections.seq IS 'The journal''s event';
COMMENT ON COLUMN letter_corrections.recorded_at IS 'When, UTC';
COMMENT ON COLUMN letter_corrections.letter_id IS 'The letter';
COMMENT ON COLUMN letter_corrections.document_sha256 IS 'The file that represented it';
COMMENT ON COLUMN letter_corrections.field IS 'The column of letters';
COMMENT ON COLUMN letter_corrections.seen IS 'The value the person saw';
COMMENT ON COLUMN letter_corrections.value IS 'The value the person set';
COMMENT ON COLUMN letter_corrections.who IS 'Who';

CREATE TABLE attempts (
    seq BIGINT, recorded_at TIMESTAMP, drop_id VARCHAR, document_sha256 VARCHAR, step VARCHAR, attempt INTEGER,
    code VARCHAR, next_at TIMESTAMP
);
COMMENT ON TABLE attempts IS 'What failed and is tried again';
COMMENT ON COLUMN attempts.seq IS 'The journal''s event';
COMMENT ON COLUMN attempts.recorded_at IS 'When, UTC';
COMMENT ON COLUMN attempts.drop_id IS 'The drop, before the document was received';
COMMENT ON COLUMN attempts.document_sha256 IS 'The document, after';
COMMENT ON COLUMN attempts.step IS 'check, read or extract';
COMMENT ON COLUMN attempts.attempt IS 'Count, from 1';
COMMENT ON COLUMN attempts.code IS 'What happened';
COMMENT ON COLUMN attempts.next_at IS 'When it is tried again, UTC';

CREATE TABLE quarantine (
    drop_id VARCHAR, recorded_at TIMESTAMP, state VARCHAR, code VARCHAR, document_sha256 VARCHAR, name VARCHAR,
    letter_id VARCHAR
);
COMMENT ON TABLE quarantine IS 'Files that were held or could not be read. Names are known only of documents received';
COMMENT ON COLUMN quarantine.drop_id IS 'The drop';
COMMENT ON COLUMN quarantine.recorded_at IS 'When, UTC';
COMMENT ON COLUMN quarantine.state IS 'held, quarantined, retried, released (a person said it is no secret) or dismissed';
COMMENT ON COLUMN quarantine.code IS 'The reason';
COMMENT ON COLUMN quarantine.document_sha256 IS 'The document, where it was received before it failed';
COMMENT ON COLUMN quarantine.name IS 'Its name, likewise';
COMMENT ON COLUMN quarantine.letter_id IS 'The letter it came with in one folder or archive';

CREATE TABLE tombstones (document_sha256 VARCHAR, recorded_at TIMESTAMP, who VARCHAR, why VARCHAR);
COMMENT ON TABLE tombstones IS 'Letters that were taken out because they must not be here';
COMMENT ON COLUMN tombstones.document_sha256 IS 'The hash of the file that was';
COMMENT ON COLUMN tombstones.recorded_at IS 'When, UTC';
COMMENT ON COLUMN tombstones.who IS 'Who took it out';
COMMENT ON COLUMN tombstones.why IS 'Why';

-- The only indexes: keys of a new letter, then the tasks that hold them, and what their letters are, are looked up one by one.
CREATE INDEX held_by_key ON link_keys_held (key);
CREATE INDEX tasks_by_id ON tasks (task_id);
CREATE INDEX documents_by_hash ON documents (document_sha256);
CREATE INDEX letters_by_id ON letters (letter_id);
CREATE INDEX citations_by_document ON citations (document_sha256);

-- What questions would work out of the tables above again and again, kept as they are loaded (load.sql, last part).

CREATE TABLE human_values (
    task_id VARCHAR, text JSON, lead JSON, coop JSON, deadline JSON, office_due_date JSON, source_doc JSON, result JSON,
    modality JSON, review JSON, review_seen VARCHAR, places JSON, concerns_us JSON, our_role JSON, fields VARCHAR[]
);
COMMENT ON TABLE human_values IS 'What people set, a row a task: standing_corrections by field';
COMMENT ON COLUMN human_values.task_id IS 'The task';
COMMENT ON COLUMN human_values.text IS 'The text set';
COMMENT ON COLUMN human_values.lead IS 'The leading bodies set';
COMMENT ON COLUMN human_values.coop IS 'The cooperating bodies set';
COMMENT ON COLUMN human_values.deadline IS 'The deadline set: kind, date, text and what was computed';
COMMENT ON COLUMN human_values.office_due_date IS 'The day the office set for itself';
COMMENT ON COLUMN human_values.source_doc IS 'The assigning document set';
COMMENT ON COLUMN human_values.result IS 'The result set';
COMMENT ON COLUMN human_values.modality IS 'assigned or proposed, as set';
COMMENT ON COLUMN human_values.review IS 'accepted, approved (the second sign-off), rejected or open';
COMMENT ON COLUMN human_values.review_seen IS 'Where it stood when that was said; orphan: looked at after the machine lost it';
COMMENT ON COLUMN human_values.places IS 'Where the text stands, as set';
COMMENT ON COLUMN human_values.concerns_us IS 'Whether it concerns us, as set';
COMMENT ON COLUMN human_values.our_role IS 'What we do in it, as it follows from what was set';
COMMENT ON COLUMN human_values.fields IS 'The fields people set';

CREATE TABLE standing_states (
    task_id VARCHAR, state VARCHAR, done_on DATE, in_time BOOLEAN, done_known_on DATE, through DATE, progress VARCHAR, note VARCHAR, state_source VARCHAR,
    state_letter_id VARCHAR, state_document_sha256 VARCHAR, state_page INTEGER, state_date DATE, state_by_task_id VARCHAR,
    state_because VARCHAR, state_by VARCHAR, state_at TIMESTAMP, state_seq BIGINT
);
COMMENT ON TABLE standing_states IS 'What people say of the state of tasks, a row a task, the last word of each field';
COMMENT ON COLUMN standing_states.task_id IS 'The task';
COMMENT ON COLUMN standing_states.state IS 'open, done, cancelled or superseded';
COMMENT ON COLUMN standing_states.done_on IS 'Day it was done; null: nobody says';
COMMENT ON COLUMN standing_states.in_time IS 'Whether it was done in time, as far as that is said without the day';
COMMENT ON COLUMN standing_states.done_known_on IS
    'Day by which it is known to be done: that it was done, else that of the letter which says so, or of the record';
COMMENT ON COLUMN standing_states.through IS 'Of a recurring duty: the last due day that is done with';
COMMENT ON COLUMN standing_states.progress IS 'How far it is, in words';
COMMENT ON COLUMN standing_states.note IS 'The office''s note';
COMMENT ON COLUMN standing_states.state_source IS 'What the state is known from: a letter, a workbook, a person';
COMMENT ON COLUMN standing_states.state_letter_id IS 'The letter it is known from';
COMMENT ON COLUMN standing_states.state_document_sha256 IS 'The file of that letter which says so';
COMMENT ON COLUMN standing_states.state_page IS 'The page that says so';
COMMENT ON COLUMN standing_states.state_date IS 'Day of issue of that letter';
COMMENT ON COLUMN standing_states.state_by_task_id IS 'The other mention of the task that says so';
COMMENT ON COLUMN standing_states.state_because IS 'In which way it says so, as proposed_states.because';
COMMENT ON COLUMN standing_states.state_by IS 'Who set the state';
COMMENT ON COLUMN standing_states.state_at IS 'When the state was set, UTC';
COMMENT ON COLUMN standing_states.state_seq IS 'The journal''s event that set it';

CREATE TABLE standing_pairs (
    a VARCHAR, b VARCHAR, level VARCHAR, confidence DOUBLE, reasons VARCHAR[], judged_by VARCHAR
);
COMMENT ON TABLE standing_pairs IS
    'The same task in two places, whichever came first: what the machine sees, less what people refused, plus what they linked; in order in links';
COMMENT ON COLUMN standing_pairs.a IS 'The mention whose id comes first';
COMMENT ON COLUMN standing_pairs.b IS 'The other mention';
COMMENT ON COLUMN standing_pairs.level IS 'confirmed by a person, exact, likely, or possible (only offered)';
COMMENT ON COLUMN standing_pairs.confidence IS 'How sure the machine is that both are one task; null: a person said so';
COMMENT ON COLUMN standing_pairs.reasons IS 'What speaks for and against it';
COMMENT ON COLUMN standing_pairs.judged_by IS 'Who confirmed it';

CREATE TABLE chains (task_id VARCHAR, chain VARCHAR, whole VARCHAR);
COMMENT ON TABLE chains IS 'Mentions that hang together by links that are more than possible; a task that stands in one place has no row';
COMMENT ON COLUMN chains.task_id IS 'A mention';
COMMENT ON COLUMN chains.chain IS 'The chain: the least id of its mentions';
COMMENT ON COLUMN chains.whole IS
    'The task: the least id of the mentions that hang together without links of a part or in doubt; what is done, or due on another day, is so for all of them';

CREATE TABLE moved_deadlines (
    task_id VARCHAR, due_date DATE, verdict VARCHAR, seq BIGINT, source VARCHAR, letter_id VARCHAR, known_on DATE, is_last BOOLEAN
);
COMMENT ON TABLE moved_deadlines IS
    'New last days that people took from later letters, or refused, for every mention of the task';
COMMENT ON COLUMN moved_deadlines.task_id IS 'A mention';
COMMENT ON COLUMN moved_deadlines.due_date IS 'The new day';
COMMENT ON COLUMN moved_deadlines.verdict IS 'confirmed or refused';
COMMENT ON COLUMN moved_deadlines.seq IS 'The journal''s event, see task_states';
COMMENT ON COLUMN moved_deadlines.source IS 'Number and symbol of the letter that sets it';
COMMENT ON COLUMN moved_deadlines.letter_id IS 'That letter';
COMMENT ON COLUMN moved_deadlines.known_on IS 'The day said of it; else the day on which a person took the new one';
COMMENT ON COLUMN moved_deadlines.is_last IS 'Whether it is the last day of those confirmed or of those refused: the confirmed one holds';

CREATE TABLE runs (
    run_id VARCHAR, kind VARCHAR, started_at TIMESTAMP, ended_at TIMESTAMP, outcome VARCHAR, letters INTEGER
);
COMMENT ON TABLE runs IS 'What the program did when; not part of the truth and not rebuilt';
COMMENT ON COLUMN runs.run_id IS 'Opaque id';
COMMENT ON COLUMN runs.kind IS 'ingest, sweep, reextract, rebuild or publish';
COMMENT ON COLUMN runs.started_at IS 'UTC';
COMMENT ON COLUMN runs.ended_at IS 'UTC';
COMMENT ON COLUMN runs.outcome IS 'done, or what stopped it';
COMMENT ON COLUMN runs.letters IS 'Letters worked on';
