-- The working database. Rebuilt from the journal; keys are the program's business (checked by tests, not by
-- indexes, which would cost every load). Names follow Nghị định 30/2020/NĐ-CP, Phụ lục VI, where one fits.

CREATE TABLE meta (key VARCHAR, value VARCHAR);
COMMENT ON TABLE meta IS 'What this file is: schema version, last event applied, time of publication';
COMMENT ON COLUMN meta.key IS 'schema, applied or published_at';
COMMENT ON COLUMN meta.value IS 'Its value';

CREATE TABLE letters (
    letter_id VARCHAR, doc_type VARCHAR, code_number VARCHAR, code_notation VARCHAR, issued_date DATE,
    place VARCHAR, organ_name VARCHAR, organ_parent VARCHAR, subject VARCHAR, subject_folded VARCHAR,
    signer_full_name VARCHAR, signer_position VARCHAR, signer_authority VARCHAR, urgency VARCHAR,
    arrival_number VARCHAR, arrival_date DATE, recipients VARCHAR[], copies VARCHAR[], annexes_named VARCHAR[],
    unknown VARCHAR[], document_sha256 VARCHAR
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

CREATE TABLE documents (
    document_sha256 VARCHAR, name VARCHAR, media_type VARCHAR, size BIGINT, received_at TIMESTAMP,
    drops INTEGER, status VARCHAR, reading VARCHAR, reader VARCHAR, extractor VARCHAR, page_count INTEGER,
    unread_pages INTEGER, letter_id VARCHAR, is_representative BOOLEAN
);
COMMENT ON TABLE documents IS 'One row a file, known by the hash of its bytes';
COMMENT ON COLUMN documents.document_sha256 IS 'SHA-256 of the file, hex';
COMMENT ON COLUMN documents.name IS 'File name at its first drop';
COMMENT ON COLUMN documents.media_type IS 'Type told by content';
COMMENT ON COLUMN documents.size IS 'Bytes';
COMMENT ON COLUMN documents.received_at IS 'When it was received, UTC';
COMMENT ON COLUMN documents.drops IS 'How often it was dropped';
COMMENT ON COLUMN documents.status IS 'received, read, extracted or failed';
COMMENT ON COLUMN documents.reading IS 'Blob of what was read';
COMMENT ON COLUMN documents.reader IS 'Version of the reading code';
COMMENT ON COLUMN documents.extractor IS 'Version of the extraction rules';
COMMENT ON COLUMN documents.page_count IS 'Pages; 0 for formats without';
COMMENT ON COLUMN documents.unread_pages IS 'Pages that could not be read';
COMMENT ON COLUMN documents.letter_id IS 'The letter it belongs to';
COMMENT ON COLUMN documents.is_representative IS 'False: another copy of a letter that is counted by its representative';

CREATE TABLE drops (drop_id VARCHAR, document_sha256 VARCHAR, name VARCHAR, dropped_at TIMESTAMP, again BOOLEAN);
COMMENT ON TABLE drops IS 'Every time a file was dropped, the same one again included';
COMMENT ON COLUMN drops.drop_id IS 'Opaque id of the drop';
COMMENT ON COLUMN drops.document_sha256 IS 'The document it was';
COMMENT ON COLUMN drops.name IS 'File name at this drop';
COMMENT ON COLUMN drops.dropped_at IS 'When, UTC';
COMMENT ON COLUMN drops.again IS 'True: the document was known already';

CREATE TABLE letter_relations (
    letter_id VARCHAR, kind VARCHAR, target VARCHAR, target_letter_id VARCHAR, document_sha256 VARCHAR
);
COMMENT ON TABLE letter_relations IS 'What a letter is or does to another one';
COMMENT ON COLUMN letter_relations.letter_id IS 'The letter';
COMMENT ON COLUMN letter_relations.kind IS 'annex_of, same_as, replies_to, replaces, corrects, extends, withdraws';
COMMENT ON COLUMN letter_relations.target IS 'The other letter as written';
COMMENT ON COLUMN letter_relations.target_letter_id IS 'The other letter, where we have it';
COMMENT ON COLUMN letter_relations.document_sha256 IS 'The file that says so';

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
    reasons VARCHAR[], rules VARCHAR[], page INTEGER, places JSON
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
    issued_on DATE, title VARCHAR
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
    drop_id VARCHAR, recorded_at TIMESTAMP, state VARCHAR, code VARCHAR, document_sha256 VARCHAR, name VARCHAR
);
COMMENT ON TABLE quarantine IS 'Files that were held or could not be read. Names are known only of documents received';
COMMENT ON COLUMN quarantine.drop_id IS 'The drop';
COMMENT ON COLUMN quarantine.recorded_at IS 'When, UTC';
COMMENT ON COLUMN quarantine.state IS 'held, quarantined, retried or dismissed';
COMMENT ON COLUMN quarantine.code IS 'The reason';
COMMENT ON COLUMN quarantine.document_sha256 IS 'The document, where it was received before it failed';
COMMENT ON COLUMN quarantine.name IS 'Its name, likewise';

CREATE TABLE tombstones (document_sha256 VARCHAR, recorded_at TIMESTAMP, who VARCHAR, why VARCHAR);
COMMENT ON TABLE tombstones IS 'Letters that were taken out because they must not be here';
COMMENT ON COLUMN tombstones.document_sha256 IS 'The hash of the file that was';
COMMENT ON COLUMN tombstones.recorded_at IS 'When, UTC';
COMMENT ON COLUMN tombstones.who IS 'Who took it out';
COMMENT ON COLUMN tombstones.why IS 'Why';

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

-- Views

CREATE VIEW standing_corrections AS
SELECT c.* FROM corrections c
WHERE c.undoes IS NULL AND c.seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
QUALIFY row_number() OVER (PARTITION BY c.task_id, c.field ORDER BY c.seq DESC) = 1;
COMMENT ON VIEW standing_corrections IS 'The last correction of each field of each task that was not taken back';

CREATE VIEW human_values AS
SELECT task_id,
    any_value(value) FILTER (field = 'text') AS text,
    any_value(value) FILTER (field = 'lead') AS lead,
    any_value(value) FILTER (field = 'coop') AS coop,
    any_value(value) FILTER (field = 'deadline') AS deadline,
    any_value(value) FILTER (field = 'office_due_date') AS office_due_date,
    any_value(value) FILTER (field = 'source_doc') AS source_doc,
    any_value(value) FILTER (field = 'result') AS result,
    any_value(value) FILTER (field = 'modality') AS modality,
    any_value(value) FILTER (field = 'review') AS review,
    any_value(value) FILTER (field = 'places') AS places,
    any_value(value) FILTER (field = 'concerns_us') AS concerns_us,
    list(field ORDER BY field) FILTER (field NOT IN ('review', 'places', 'concerns_us')) AS fields
FROM standing_corrections GROUP BY task_id;
COMMENT ON VIEW human_values IS 'What people set, a row a task';

CREATE VIEW machine_agencies AS
SELECT task_id,
    coalesce(list(name ORDER BY ordinal) FILTER (role = 'lead'), []) AS lead,
    coalesce(list(name ORDER BY ordinal) FILTER (role = 'coop'), []) AS coop
FROM task_agencies GROUP BY task_id;
COMMENT ON VIEW machine_agencies IS 'Leads and cooperating bodies the machine read, a row a task';

CREATE VIEW current_tasks AS
SELECT t.task_id, t.document_sha256, d.name AS document, t.letter_id, t.ordinal,
    CASE WHEN h.places IS NULL THEN t.page ELSE (h.places ->> '$[0].page')::INTEGER END AS page,
    coalesce(h.text ->> '$', t.text) AS text,
    CASE WHEN h.text IS NULL THEN t.text_folded
        ELSE replace(lower(strip_accents(h.text ->> '$')), 'đ', 'd') END AS text_folded,
    CASE WHEN h.lead IS NULL THEN coalesce(a.lead, []) ELSE from_json(h.lead, '["VARCHAR"]') END AS lead,
    CASE WHEN h.coop IS NULL THEN coalesce(a.coop, []) ELSE from_json(h.coop, '["VARCHAR"]') END AS coop,
    CASE WHEN h.deadline IS NULL THEN t.deadline_text ELSE h.deadline ->> '$.text' END AS deadline_text,
    CASE WHEN h.deadline IS NULL THEN t.deadline_kind ELSE h.deadline ->> '$.kind' END AS deadline_kind,
    CASE WHEN h.deadline IS NULL THEN t.deadline_date ELSE (h.deadline ->> '$.date')::DATE END AS deadline_date,
    CASE WHEN h.deadline IS NULL THEN t.relation ELSE coalesce(h.deadline ->> '$.relation', t.relation) END AS relation,
    CASE WHEN h.deadline IS NULL THEN t.grain ELSE coalesce(h.deadline ->> '$.grain', t.grain) END AS grain,
    CASE WHEN h.deadline IS NULL THEN t.due_date
        ELSE coalesce(h.deadline ->> '$.due_date', h.deadline ->> '$.date')::DATE END AS due_date,
    CASE WHEN h.deadline IS NULL THEN t.due_time ELSE (h.deadline ->> '$.due_time')::TIME END AS due_time,
    (h.office_due_date ->> '$')::DATE AS office_due_date,
    CASE WHEN h.source_doc IS NULL THEN t.source_doc ELSE h.source_doc ->> '$' END AS source_doc,
    CASE WHEN h.result IS NULL THEN t.result ELSE h.result ->> '$' END AS result,
    coalesce(h.modality ->> '$', t.modality) AS modality,
    t.section, coalesce(h.concerns_us ->> '$', t.concerns_us) AS concerns_us, coalesce(t.assigned_by, l.organ_name) AS assigned_by,
    CASE WHEN t.status = 'orphan' THEN 'orphan' ELSE coalesce(h.review ->> '$', 'open') END AS status,
    t.confidence_text, t.confidence_lead, t.confidence_deadline, t.confidence, t.reasons, t.rules,
    coalesce(h.places, t.places) AS places,
    coalesce(h.fields, []) AS corrected_fields,
    l.code_number, l.code_notation, l.issued_date, l.organ_name, l.subject, l.urgency
FROM tasks t
JOIN documents d USING (document_sha256)
LEFT JOIN letters l ON l.letter_id = t.letter_id
LEFT JOIN machine_agencies a USING (task_id)
LEFT JOIN human_values h USING (task_id)
WHERE d.is_representative AND coalesce(h.review ->> '$', 'open') <> 'rejected';
COMMENT ON VIEW current_tasks IS 'Tasks as they stand now: corrections applied, other copies of a letter left out';

CREATE VIEW review_queue AS
SELECT t.*, c.conflicts
FROM current_tasks t
LEFT JOIN (
    SELECT k.task_id, list(k.field ORDER BY k.field) AS conflicts
    FROM standing_corrections k
    JOIN tasks m USING (task_id)
    LEFT JOIN machine_agencies a USING (task_id)
    WHERE CASE k.field
        WHEN 'text' THEN m.text NOT IN (k.seen ->> '$', k.value ->> '$')
        WHEN 'lead' THEN a.lead NOT IN (from_json(k.seen, '["VARCHAR"]'), from_json(k.value, '["VARCHAR"]'))
        WHEN 'coop' THEN a.coop NOT IN (from_json(k.seen, '["VARCHAR"]'), from_json(k.value, '["VARCHAR"]'))
        WHEN 'deadline' THEN
            struct_pack(k := m.deadline_kind, d := m.deadline_date) NOT IN (
                struct_pack(k := k.seen ->> '$.kind', d := (k.seen ->> '$.date')::DATE),
                struct_pack(k := k.value ->> '$.kind', d := (k.value ->> '$.date')::DATE))
        ELSE false END
    GROUP BY k.task_id
) c USING (task_id)
WHERE t.status IN ('open', 'orphan') OR c.conflicts IS NOT NULL
ORDER BY t.concerns_us = 'no', t.confidence;
COMMENT ON VIEW review_queue IS 'What waits for a reviewer: open or orphaned tasks, and values of people the machine now contradicts';

CREATE VIEW overdue AS
SELECT * FROM current_tasks
WHERE modality = 'assigned' AND status <> 'orphan'
    AND coalesce(office_due_date, due_date) < CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)
ORDER BY concerns_us = 'no', coalesce(office_due_date, due_date);
COMMENT ON VIEW overdue IS 'Assigned tasks whose last day is past, today being today in Vietnam';

CREATE VIEW due_soon AS
SELECT * FROM current_tasks
WHERE modality = 'assigned' AND status <> 'orphan'
    AND coalesce(office_due_date, due_date) BETWEEN CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)
        AND CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) + 30
ORDER BY concerns_us = 'no', coalesce(office_due_date, due_date);
COMMENT ON VIEW due_soon IS 'Assigned tasks due within 30 days, today being today in Vietnam';

CREATE VIEW agency_load AS
SELECT agency, count(*) AS tasks, count(due_date) AS dated,
    count(*) FILTER (due_date < CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)) AS past_due,
    min(due_date) AS first_due, bool_or(concerns_us <> 'no') AS concerns_us
FROM (SELECT unnest(lead) AS agency, * FROM current_tasks WHERE modality = 'assigned' AND status <> 'orphan')
GROUP BY agency ORDER BY tasks DESC, agency;
COMMENT ON VIEW agency_load IS 'How much each body leads';

CREATE VIEW deadline_changes AS
SELECT c.seq, c.recorded_at, c.task_id, t.text, c.seen ->> '$.date' AS date_before, c.value ->> '$.date' AS date_after,
    c.who, c.why, t.concerns_us
FROM corrections c JOIN tasks t USING (task_id) WHERE c.field IN ('deadline', 'office_due_date') ORDER BY c.seq;
COMMENT ON VIEW deadline_changes IS 'Deadlines that people changed';

CREATE VIEW data_quality AS
SELECT d.name AS document, d.document_sha256, d.status, d.page_count, d.unread_pages, l.unknown,
    count(t.task_id) AS tasks, count(t.task_id) FILTER (t.confidence < 0.5) AS doubtful,
    count(t.task_id) FILTER (t.status = 'orphan') AS orphans, avg(t.confidence) AS mean_confidence,
    coalesce(bool_or(t.concerns_us <> 'no'), false) AS concerns_us
FROM documents d LEFT JOIN letters l USING (letter_id) LEFT JOIN tasks t ON t.document_sha256 = d.document_sha256
GROUP BY ALL ORDER BY doubtful DESC, document;
COMMENT ON VIEW data_quality IS 'How well each document was read';

CREATE VIEW citations_of AS
SELECT c.number, c.notation, c.doc_type, c.text, d.name AS document, l.code_number, l.code_notation, l.issued_date
FROM citations c JOIN documents d USING (document_sha256) LEFT JOIN letters l USING (letter_id)
ORDER BY c.notation, c.number;
COMMENT ON VIEW citations_of IS 'Which letters refer to a document';
