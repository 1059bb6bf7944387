-- Applies the events of the files $files that follow the last one applied to the working database.
-- Set-based and the same for one event and for a million: rebuilding is this over the whole journal.
-- Within one batch the last event of a kind about a document wins, as it would one by one.

-- Every field any kind of event has, read once: DuckDB takes JSON apart far quicker while reading than after.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT seq, "at"::TIMESTAMP AS recorded_at, kind, data
FROM read_json(getvariable('files'), format = 'newline_delimited',
    maximum_object_size = getvariable('longest'),
    columns = {
        seq: 'BIGINT', "at": 'VARCHAR', kind: 'VARCHAR',
        data: 'STRUCT(
            document VARCHAR, "name" VARCHAR, media_type VARCHAR, size BIGINT, "drop" VARCHAR,
            reading VARCHAR, reader VARCHAR,
            pages STRUCT(page INTEGER, width DOUBLE, height DOUBLE, source VARCHAR, reason VARCHAR,
                words INTEGER, confidence DOUBLE)[],
            letter VARCHAR, representative BOOLEAN, extractor VARCHAR,
            letterhead STRUCT(doc_type VARCHAR, code_number VARCHAR, code_notation VARCHAR, issued_date DATE,
                place VARCHAR, organ_name VARCHAR, organ_parent VARCHAR, subject VARCHAR,
                signer_full_name VARCHAR, signer_position VARCHAR, signer_authority VARCHAR, urgency VARCHAR,
                arrival_number VARCHAR, arrival_date DATE, recipients STRUCT("name" VARCHAR)[],
                copies STRUCT("name" VARCHAR)[], annexes_named VARCHAR[], unknown MAP(VARCHAR, VARCHAR),
                citations STRUCT("text" VARCHAR, doc_type VARCHAR, number VARCHAR, notation VARCHAR,
                    issued_on DATE, title VARCHAR)[],
                relations STRUCT(kind VARCHAR, target VARCHAR)[]),
            tasks STRUCT(task_id VARCHAR, ordinal INTEGER, status VARCHAR, "text" VARCHAR,
                deadline STRUCT(kind VARCHAR, "text" VARCHAR, "date" DATE, relation VARCHAR, grain VARCHAR,
                    anchor VARCHAR, due_date DATE, due_time TIME, reason VARCHAR),
                source_doc VARCHAR, "result" VARCHAR, modality VARCHAR, section VARCHAR[],
                assigned_by VARCHAR, concerns_us VARCHAR,
                confidence STRUCT("text" DOUBLE, lead DOUBLE, deadline DOUBLE, overall DOUBLE),
                reasons VARCHAR[], rules VARCHAR[], places JSON,
                leads STRUCT("name" VARCHAR, as_written VARCHAR, current VARCHAR, scope VARCHAR, kind VARCHAR,
                    unit VARCHAR, via VARCHAR)[],
                coops STRUCT("name" VARCHAR, as_written VARCHAR, current VARCHAR, scope VARCHAR, kind VARCHAR,
                    unit VARCHAR, via VARCHAR)[])[],
            changes STRUCT("old" VARCHAR, "new" VARCHAR, kind VARCHAR)[],
            relation VARCHAR, target VARCHAR, target_letter VARCHAR,
            code VARCHAR, state VARCHAR, step VARCHAR, attempt INTEGER, next_at VARCHAR,
            task_id VARCHAR, field VARCHAR, seen JSON, "value" JSON, who VARCHAR, why VARCHAR, undoes BIGINT)'
    })
WHERE seq > (SELECT value::BIGINT FROM meta WHERE key = 'applied');

CREATE OR REPLACE TEMP TABLE received AS
SELECT seq, recorded_at, data.document AS document, data."name" AS name,
    data.media_type AS media_type, data.size AS size, data."drop" AS drop_id
FROM incoming WHERE kind = 'received';

INSERT INTO documents (document_sha256, name, media_type, size, received_at, drops, status, page_count,
    unread_pages, is_representative)
SELECT document, name, media_type, size, recorded_at, 1, 'received', 0, 0, true FROM received;

INSERT INTO drops SELECT drop_id, document, name, recorded_at, false FROM received;

CREATE OR REPLACE TEMP TABLE dropped_again AS
SELECT recorded_at, data.document AS document, data."name" AS name, data."drop" AS drop_id
FROM incoming WHERE kind = 'dropped_again';

INSERT INTO drops SELECT drop_id, document, name, recorded_at, true FROM dropped_again;

UPDATE documents SET drops = drops + n
FROM (SELECT document, count(*)::INTEGER AS n FROM dropped_again GROUP BY document) again
WHERE documents.document_sha256 = again.document;

-- read

CREATE OR REPLACE TEMP TABLE read_now AS
SELECT seq, data.document AS document, data.reading AS reading, data.reader AS reader,
    data.pages AS pages
FROM incoming WHERE kind = 'read'
QUALIFY row_number() OVER (PARTITION BY data.document ORDER BY seq DESC) = 1;

UPDATE documents SET status = 'read', reading = r.reading, reader = r.reader, page_count = len(r.pages),
    unread_pages = len(list_filter(r.pages, p -> p.source = 'unread'))
FROM read_now r WHERE documents.document_sha256 = r.document;

DELETE FROM pages WHERE document_sha256 IN (SELECT document FROM read_now);

INSERT INTO pages
SELECT document, p.page, p.width, p.height, p.source, p.reason, p.words, p.confidence
FROM (SELECT document, unnest(pages) AS p FROM read_now);

-- extracted

CREATE OR REPLACE TEMP TABLE extracted AS
SELECT seq, data.document AS document, data.letter AS letter_id,
    data.representative AS is_representative, data.extractor AS extractor,
    data.letterhead AS head,
    data.tasks AS tasks
FROM incoming WHERE kind = 'extracted'
QUALIFY row_number() OVER (PARTITION BY data.document ORDER BY seq DESC) = 1;

INSERT INTO task_history
SELECT seq, document, c."old", c."new", c.kind
FROM (
    SELECT seq, data.document AS document,
        unnest(data.changes) AS c
    FROM incoming WHERE kind = 'extracted'
);

UPDATE documents SET status = 'extracted', extractor = e.extractor, letter_id = e.letter_id,
    is_representative = e.is_representative
FROM extracted e WHERE documents.document_sha256 = e.document;

DELETE FROM letters WHERE letter_id IN (SELECT letter_id FROM extracted WHERE is_representative);

INSERT INTO letters
SELECT letter_id, head.doc_type, head.code_number, head.code_notation, head.issued_date, head.place,
    head.organ_name, head.organ_parent, head.subject,
    replace(lower(strip_accents(head.subject)), 'đ', 'd'),
    head.signer_full_name, head.signer_position, head.signer_authority, head.urgency, head.arrival_number,
    head.arrival_date, list_transform(coalesce(head.recipients, []), r -> r.name),
    list_transform(coalesce(head.copies, []), r -> r.name), coalesce(head.annexes_named, []),
    list_transform(coalesce(map_entries(head.unknown), []), e -> e.key || ': ' || e.value), document
FROM extracted WHERE is_representative
QUALIFY row_number() OVER (PARTITION BY letter_id ORDER BY seq DESC) = 1;

DELETE FROM citations WHERE document_sha256 IN (SELECT document FROM extracted);

INSERT INTO citations
SELECT document, ordinal, c.text, c.doc_type, c.number, c.notation, c.issued_on, c.title
FROM (
    SELECT document, unnest(head.citations) AS c, generate_subscripts(head.citations, 1)::INTEGER AS ordinal
    FROM extracted WHERE head.citations IS NOT NULL
);

DELETE FROM letter_relations WHERE document_sha256 IN (SELECT document FROM extracted) AND kind <> 'same_as';

INSERT INTO letter_relations
SELECT letter_id, r.kind, r.target, NULL, document
FROM (SELECT letter_id, document, unnest(head.relations) AS r FROM extracted WHERE head.relations IS NOT NULL);

CREATE OR REPLACE TEMP VIEW extracted_tasks AS
SELECT document, letter_id, unnest(tasks) AS t FROM extracted;

DELETE FROM task_agencies WHERE task_id IN (
    SELECT task_id FROM tasks WHERE document_sha256 IN (SELECT document FROM extracted));

DELETE FROM tasks WHERE document_sha256 IN (SELECT document FROM extracted);

INSERT INTO tasks
SELECT t.task_id, document, letter_id, t.ordinal, t.status, t.text,
    replace(lower(strip_accents(t.text)), 'đ', 'd'),
    t.deadline.text, coalesce(t.deadline.kind, 'none'), t.deadline.date, coalesce(t.deadline.relation, 'none'),
    t.deadline.grain, t.deadline.anchor, t.deadline.due_date, t.deadline.due_time, t.deadline.reason,
    t.source_doc, t.result, coalesce(t.modality, 'assigned'), coalesce(t.section, []), t.assigned_by,
    coalesce(t.concerns_us, 'no'), coalesce(t.confidence.text, 0), coalesce(t.confidence.lead, 0),
    coalesce(t.confidence.deadline, 0), coalesce(t.confidence.overall, 0), coalesce(t.reasons, []),
    coalesce(t.rules, []), (t.places ->> '$[0].page')::INTEGER, coalesce(t.places, '[]')
FROM extracted_tasks;

INSERT INTO task_agencies
SELECT task_id, role, ordinal, a.name, a.as_written, a.current, a.scope, coalesce(a.kind, 'other'), a.unit,
    coalesce(a.via, 'as_written')
FROM (
    SELECT t.task_id AS task_id, 'lead' AS role, generate_subscripts(t.leads, 1)::INTEGER AS ordinal, unnest(t.leads) AS a
    FROM extracted_tasks WHERE t.leads IS NOT NULL
    UNION ALL
    SELECT t.task_id, 'coop', generate_subscripts(t.coops, 1)::INTEGER, unnest(t.coops)
    FROM extracted_tasks WHERE t.coops IS NOT NULL
);

-- linked: by the machine (another copy of a letter we have) or by a person

CREATE OR REPLACE TEMP TABLE linked AS
SELECT seq, data.document AS document, data.letter AS letter_id, data.relation AS relation,
    data.target AS target, data.target_letter AS target_letter_id,
    data.representative AS is_representative
FROM incoming WHERE kind = 'linked';

INSERT INTO letter_relations SELECT letter_id, relation, target, target_letter_id, document FROM linked;

UPDATE documents SET letter_id = l.letter_id, is_representative = l.is_representative
FROM (SELECT * FROM linked QUALIFY row_number() OVER (PARTITION BY document ORDER BY seq DESC) = 1) l
WHERE documents.document_sha256 = l.document;

-- held, quarantined, tried again, dismissed

INSERT INTO quarantine
SELECT data."drop", recorded_at, kind, data.code, data.document, data."name"
FROM incoming WHERE kind IN ('held', 'quarantined');

UPDATE documents SET status = 'failed'
FROM (SELECT data.document AS document FROM incoming WHERE kind = 'quarantined') q
WHERE documents.document_sha256 = q.document;

UPDATE quarantine SET state = d.state
FROM (
    SELECT data."drop" AS drop_id, data.state AS state FROM incoming WHERE kind = 'dismissed'
    QUALIFY row_number() OVER (PARTITION BY data."drop" ORDER BY seq DESC) = 1
) d
WHERE quarantine.drop_id = d.drop_id;

INSERT INTO attempts
SELECT seq, recorded_at, data."drop", data.document, data.step,
    data.attempt, data.code, data.next_at::TIMESTAMP
FROM incoming WHERE kind = 'attempted';

-- people

INSERT INTO corrections
SELECT seq, recorded_at, data.task_id, data.field, data.seen, data."value",
    data.who, data.why, data.undoes
FROM incoming WHERE kind = 'corrected';

INSERT INTO tombstones
SELECT data.document, recorded_at, data.who, data.why FROM incoming WHERE kind = 'purged';
