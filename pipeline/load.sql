-- Applies the events of the files $files that follow the last one applied to the working database.
-- Set-based and the same for one event and for a million: rebuilding is this over the whole journal.
-- Within one batch the last event of a kind about a document wins, as it would one by one.
--
-- A line `-- @ kinds` begins a part that is run only where the batch has events of one of these kinds. A temporary table
-- that a part makes is there for parts of the same or fewer kinds (a test holds that). `-- @ kinds where TABLE`: and only where
-- that table, made here before, has rows.

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
            parts STRUCT(document VARCHAR, "first" INTEGER, "last" INTEGER)[],
            letter VARCHAR, representative BOOLEAN, extractor VARCHAR,
            letterhead STRUCT(doc_type VARCHAR, code_number VARCHAR, code_notation VARCHAR, issued_date DATE,
                place VARCHAR, organ_name VARCHAR, organ_parent VARCHAR, subject VARCHAR,
                signer_full_name VARCHAR, signer_position VARCHAR, signer_authority VARCHAR, urgency VARCHAR,
                arrival_number VARCHAR, arrival_date DATE, recipients STRUCT("name" VARCHAR)[],
                copies STRUCT("name" VARCHAR)[], annexes_named VARCHAR[], unknown MAP(VARCHAR, VARCHAR),
                citations STRUCT("text" VARCHAR, doc_type VARCHAR, number VARCHAR, notation VARCHAR,
                    issued_on DATE, title VARCHAR)[],
                relations STRUCT(kind VARCHAR, target VARCHAR, number VARCHAR, notation VARCHAR, "until" DATE, since DATE,
                    about VARCHAR, words VARCHAR, page INTEGER)[], is_draft BOOLEAN,
                misses STRUCT("text" VARCHAR, score DOUBLE, signs VARCHAR[], places JSON)[]),
            tasks STRUCT(task_id VARCHAR, ordinal INTEGER, status VARCHAR, "text" VARCHAR,
                deadline STRUCT(kind VARCHAR, "text" VARCHAR, "date" DATE, relation VARCHAR, grain VARCHAR,
                    anchor VARCHAR, due_date DATE, due_time TIME, reason VARCHAR, recurs VARCHAR[]),
                source_doc VARCHAR, "result" VARCHAR, modality VARCHAR, section VARCHAR[],
                assigned_by VARCHAR, concerns_us VARCHAR, our_role VARCHAR, reported VARCHAR, progress VARCHAR,
                confidence STRUCT("text" DOUBLE, lead DOUBLE, deadline DOUBLE, overall DOUBLE),
                reasons VARCHAR[], rules VARCHAR[], evidence JSON, places JSON,
                leads STRUCT("name" VARCHAR, as_written VARCHAR, current VARCHAR, scope VARCHAR, kind VARCHAR,
                    unit VARCHAR, via VARCHAR)[],
                coops STRUCT("name" VARCHAR, as_written VARCHAR, current VARCHAR, scope VARCHAR, kind VARCHAR,
                    unit VARCHAR, via VARCHAR)[])[],
            changes STRUCT("old" VARCHAR, "new" VARCHAR, kind VARCHAR)[],
            links STRUCT(task_id VARCHAR, other_id VARCHAR, other_document VARCHAR, level VARCHAR, confidence DOUBLE,
                reasons VARCHAR[])[],
            other_id VARCHAR, verdict VARCHAR, done_on DATE, in_time BOOLEAN, through DATE, progress VARCHAR, note VARCHAR,
            source VARCHAR, page INTEGER, dated DATE, because VARCHAR, moved_to DATE,
            relation VARCHAR, target VARCHAR, target_letter VARCHAR,
            code VARCHAR, state VARCHAR, step VARCHAR, attempt INTEGER, next_at VARCHAR,
            states STRUCT(task_id VARCHAR, state VARCHAR, done_on DATE, in_time BOOLEAN, source VARCHAR, letter VARCHAR,
                document VARCHAR, page INTEGER, dated DATE, other_id VARCHAR, because VARCHAR, moved_to DATE,
                verdict VARCHAR)[],
            pairs STRUCT(task_id VARCHAR, other_id VARCHAR, verdict VARCHAR)[],
            task_id VARCHAR, field VARCHAR, seen JSON, "value" JSON, who VARCHAR, why VARCHAR, undoes BIGINT,
            act VARCHAR, corrected STRUCT(task_id VARCHAR, field VARCHAR, seen JSON, "value" JSON)[],
            added STRUCT(task_id VARCHAR, ordinal INTEGER, "text" VARCHAR, places JSON)[],
            miss VARCHAR, threshold DOUBLE, version VARCHAR, calibration JSON, aliases JSON,
            settled STRUCT(task_id VARCHAR, outcome VARCHAR, confidence DOUBLE, digest VARCHAR)[])'
    })
WHERE seq > (SELECT value::BIGINT FROM meta WHERE key = 'applied');

CREATE OR REPLACE TEMP TABLE renewed AS
SELECT DISTINCT kind, data.document AS document, data.letter AS letter_id
FROM incoming WHERE kind IN ('extracted', 'reviewed', 'purged');

-- Tasks of which people set values or states, and mentions whose chain may be another now: filled below.
CREATE OR REPLACE TEMP TABLE said_now (task_id VARCHAR);
CREATE OR REPLACE TEMP TABLE told_now (task_id VARCHAR);
CREATE OR REPLACE TEMP TABLE chained_now (task_id VARCHAR);

-- @ received

CREATE OR REPLACE TEMP TABLE received AS
SELECT seq, recorded_at, data.document AS document, data."name" AS name,
    data.media_type AS media_type, data.size AS size, data."drop" AS drop_id, data.letter AS letter_id
FROM incoming WHERE kind = 'received';

INSERT INTO documents (document_sha256, name, media_type, size, received_at, drops, status, page_count,
    unread_pages, letter_id, is_representative)
SELECT document, name, media_type, size, recorded_at, 1, 'received', 0, 0, letter_id, true FROM received;

INSERT INTO drops SELECT drop_id, document, name, recorded_at, false FROM received;

-- @ dropped_again

CREATE OR REPLACE TEMP TABLE dropped_again AS
SELECT seq, recorded_at, data.document AS document, data."name" AS name, data."drop" AS drop_id, data.letter AS letter_id
FROM incoming WHERE kind = 'dropped_again';

INSERT INTO drops SELECT drop_id, document, name, recorded_at, true FROM dropped_again;

-- What failed when it came alone may come again as the main text of a letter.
UPDATE documents SET drops = drops + n, letter_id = coalesce(documents.letter_id, again.letter_id)
FROM (
    SELECT document, count(*)::INTEGER AS n, arg_min(letter_id, seq) AS letter_id FROM dropped_again GROUP BY document
) again
WHERE documents.document_sha256 = again.document;

-- @ read

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

-- @ split
-- A scan of several letters

CREATE OR REPLACE TEMP TABLE split_now AS
SELECT seq, data.document AS document, data.parts AS parts FROM incoming WHERE kind = 'split'
QUALIFY row_number() OVER (PARTITION BY data.document ORDER BY seq DESC) = 1;

UPDATE documents SET status = 'split' WHERE document_sha256 IN (SELECT document FROM split_now);

DELETE FROM document_parts WHERE part_of IN (SELECT document FROM split_now);

INSERT INTO document_parts
SELECT p.document, document, p."first", p."last" FROM (SELECT document, unnest(parts) AS p FROM split_now);

-- @ linked, unlinked, received
-- By the machine (another copy of a letter we have) or by a person, and unlinked by a person

CREATE OR REPLACE TEMP TABLE linked AS
SELECT seq, kind, data.document AS document, data.letter AS letter_id, data.relation AS relation,
    data.target AS target, data.target_letter AS target_letter_id,
    coalesce(data.representative, true) AS is_representative
FROM incoming WHERE kind IN ('linked', 'unlinked')
UNION ALL
-- What came with its letter is its annex from the beginning.
SELECT seq, 'linked', data.document, data.letter, data.relation, '', data.letter, true
FROM incoming WHERE kind = 'received' AND data.relation IS NOT NULL;

-- Relations that people and links made have a letter at their other end, and the last one holds; those read from
-- the text do not.
DELETE FROM letter_relations WHERE target_letter_id IS NOT NULL AND document_sha256 IN (SELECT document FROM linked);

INSERT INTO letter_relations (letter_id, kind, target, target_letter_id, document_sha256)
SELECT letter_id, relation, target, target_letter_id, document FROM (
    FROM linked QUALIFY row_number() OVER (PARTITION BY document ORDER BY seq DESC) = 1
) WHERE kind = 'linked';

-- @ extracted

CREATE OR REPLACE TEMP TABLE extracted AS
SELECT seq, data.document AS document, data.letter AS letter_id,
    data.representative AS is_representative, data.extractor AS extractor,
    data.letterhead AS head,
    data.tasks AS tasks, data.links AS links
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
    is_representative = e.is_representative, province = NULL, house = NULL
FROM extracted e WHERE documents.document_sha256 = e.document;

-- An annex is read like a letter, but its letter's head is that of the main text.
CREATE OR REPLACE TEMP VIEW annexes AS
SELECT document_sha256 FROM letter_relations WHERE kind = 'annex_of' AND target_letter_id IS NOT NULL;

DELETE FROM letters WHERE letter_id IN (
    SELECT letter_id FROM extracted WHERE is_representative AND document NOT IN (FROM annexes));

INSERT INTO letters
SELECT letter_id, head.doc_type, head.code_number, head.code_notation, head.issued_date, head.place,
    head.organ_name, head.organ_parent, head.subject,
    replace(lower(strip_accents(head.subject)), 'đ', 'd'),
    head.signer_full_name, head.signer_position, head.signer_authority, head.urgency, head.arrival_number,
    head.arrival_date, list_transform(coalesce(head.recipients, []), r -> r.name),
    list_transform(coalesce(head.copies, []), r -> r.name), coalesce(head.annexes_named, []),
    list_transform(coalesce(map_entries(head.unknown), []), e -> e.key || ': ' || e.value), document,
    coalesce(head.is_draft, false), same_code(head.code_number, head.code_notation)
FROM extracted WHERE is_representative AND document NOT IN (FROM annexes)
QUALIFY row_number() OVER (PARTITION BY letter_id ORDER BY seq DESC) = 1;

DELETE FROM citations WHERE document_sha256 IN (SELECT document FROM extracted);

INSERT INTO citations
SELECT document, ordinal, c.text, c.doc_type, c.number, c.notation, c.issued_on, c.title, same_code(c.number, c.notation)
FROM (
    SELECT document, unnest(head.citations) AS c, generate_subscripts(head.citations, 1)::INTEGER AS ordinal
    FROM extracted WHERE head.citations IS NOT NULL
);

DELETE FROM possible_misses WHERE document_sha256 IN (SELECT document FROM extracted);

INSERT INTO possible_misses
SELECT md5(document || '|' || m."text"), document, ordinal, m."text", m.score, coalesce(m.signs, []),
    (m.places ->> '$[0].page')::INTEGER, coalesce(m.places, '[]')
FROM (
    SELECT document, unnest(head.misses) AS m, generate_subscripts(head.misses, 1)::INTEGER AS ordinal
    FROM extracted WHERE head.misses IS NOT NULL
);

DELETE FROM letter_relations WHERE document_sha256 IN (SELECT document FROM extracted) AND target_letter_id IS NULL;

INSERT INTO letter_relations
SELECT letter_id, r.kind, r.target, NULL, document, r.number, r.notation, r."until", r.since, r.about, r.words, r.page,
    same_code(r.number, r.notation)
FROM (SELECT letter_id, document, unnest(head.relations) AS r FROM extracted WHERE head.relations IS NOT NULL);

CREATE OR REPLACE TEMP MACRO not_own(province) AS CASE
    WHEN NOT list_contains(getvariable('own_provinces'), province) THEN province END;

-- The central body that a letter is of: its issuer, unless that is a unit of the one above.
CREATE OR REPLACE TEMP TABLE houses AS
SELECT document, arg_min(name, place) AS house
FROM (
    SELECT document, 1 AS place, fold(head.organ_name) AS folded FROM extracted
    UNION ALL
    SELECT document, 2, fold(head.organ_parent) FROM extracted
)
JOIN (
    SELECT name, fold(name) AS folded FROM agencies
    WHERE scope = 'trung ương' AND kind IN ('ministry', 'government_agency')
) USING (folded)
WHERE NOT list_contains(list_transform(getvariable('own_bodies'), lambda own: fold(own)), folded)
GROUP BY document;

UPDATE documents SET house = houses.house FROM houses WHERE documents.document_sha256 = houses.document;

-- Where the office of a letter is: of central ones the body alone tells, and ours needs no telling.
CREATE OR REPLACE TEMP TABLE places AS
SELECT document, head.place AS place
FROM extracted
WHERE not_own('Tỉnh ' || head.place) IS NOT NULL AND not_own('Thành phố ' || head.place) IS NOT NULL
    AND fold(head.organ_name) NOT IN (
        SELECT fold(name) FROM agencies WHERE scope = 'trung ương'
        UNION ALL SELECT fold(unnest(getvariable('own_bodies'))));

CREATE OR REPLACE TEMP MACRO told_apart(body, scope, house, place) AS CASE WHEN scope IS NULL THEN with_office(body, house, place)
    ELSE with_province(without_province(body, scope), not_own(scope)) END;

CREATE OR REPLACE TEMP VIEW extracted_tasks AS
SELECT e.document, letter_id, house, place, unnest(tasks) AS t
FROM extracted e LEFT JOIN houses ON houses.document = e.document LEFT JOIN places ON places.document = e.document;

DELETE FROM task_agencies WHERE task_id IN (
    SELECT task_id FROM tasks WHERE document_sha256 IN (SELECT document FROM extracted));

CREATE OR REPLACE TEMP TABLE keys_before AS
SELECT task_id, unnest(link_keys) AS key FROM tasks WHERE document_sha256 IN (SELECT document FROM extracted);

DELETE FROM tasks WHERE document_sha256 IN (SELECT document FROM extracted);

INSERT INTO tasks
SELECT t.task_id, document, letter_id, t.ordinal, t.status, t.text,
    replace(lower(strip_accents(t.text)), 'đ', 'd'),
    t.deadline.text, coalesce(t.deadline.kind, 'none'), t.deadline.date, coalesce(t.deadline.relation, 'none'),
    t.deadline.grain, t.deadline.anchor, t.deadline.due_date, t.deadline.due_time, t.deadline.reason,
    t.source_doc, t.result, coalesce(t.modality, 'assigned'), coalesce(t.section, []), t.assigned_by,
    coalesce(t.concerns_us, 'no'), coalesce(t.confidence.text, 0), coalesce(t.confidence.lead, 0),
    coalesce(t.confidence.deadline, 0), coalesce(t.confidence.overall, 0), coalesce(t.reasons, []),
    coalesce(t.rules, []), (t.places ->> '$[0].page')::INTEGER, coalesce(t.places, '[]'),
    list_transform(coalesce(t.leads, []), lambda a: a.name), list_transform(coalesce(t.coops, []), lambda a: a.name),
    t.reported, link_keys(fold(t.text)), t.evidence, t.deadline.recurs, t.progress,
    list_transform(coalesce(t.leads, []), lambda a: told_apart(a.name, a.scope, house, place)),
    list_transform(coalesce(t.coops, []), lambda a: told_apart(a.name, a.scope, house, place)),
    t.our_role
FROM extracted_tasks;

UPDATE documents SET province = told.province
FROM (
    SELECT document, CASE WHEN count(DISTINCT scope) = 1 THEN any_value(not_own(scope)) END AS province
    FROM (SELECT document, unnest(list_concat(coalesce(t.leads, []), coalesce(t.coops, [])), recursive := true) FROM extracted_tasks)
    WHERE kind <> 'province' AND is_province(scope)
    GROUP BY document
) told
WHERE documents.document_sha256 = told.document;

CREATE OR REPLACE TEMP TABLE key_changes AS
SELECT key, sum(n)::BIGINT AS n, list(task_id) FILTER (n > 0) AS come, list(task_id) FILTER (n < 0) AS gone
FROM (
    SELECT key, task_id, sum(n) AS n
    FROM (
        SELECT unnest(link_keys) AS key, task_id, 1 AS n FROM tasks
        WHERE document_sha256 IN (SELECT document FROM extracted)
        UNION ALL
        SELECT key, task_id, -1 FROM keys_before
    )
    GROUP BY ALL HAVING sum(n) <> 0
)
GROUP BY key;

INSERT INTO link_keys_held
SELECT key, 0, [] FROM key_changes WHERE key NOT IN (
    SELECT key FROM link_keys_held WHERE key IN (SELECT key FROM key_changes));

-- Keys that many shared, and that are rare again: who holds them is to be looked up.
CREATE OR REPLACE TEMP TABLE rare_again AS
SELECT key FROM link_keys_held JOIN key_changes USING (key)
WHERE tasks > most_holders() AND tasks + n BETWEEN 1 AND most_holders();

-- A key that many share names none of them.
UPDATE link_keys_held SET tasks = tasks + n, holders = CASE WHEN tasks + n > most_holders() THEN []
    ELSE list_sort(list_concat(list_filter(holders, lambda h: NOT list_contains(coalesce(gone, []), h)), coalesce(come, []))) END
FROM key_changes WHERE link_keys_held.key = key_changes.key;

-- @ extracted where rare_again

UPDATE link_keys_held SET holders = again.holders
FROM (
    SELECT key, list(task_id ORDER BY task_id) AS holders
    FROM (
        SELECT task_id, unnest(link_keys) AS key
        FROM tasks, (SELECT list(key) AS keys FROM rare_again) wanted
        WHERE list_has_any(link_keys, wanted.keys)
    )
    WHERE key IN (FROM rare_again)
    GROUP BY key
) again
WHERE again.key = link_keys_held.key;

-- @ extracted

DELETE FROM link_keys_held WHERE tasks = 0;

-- @ extracted, task_link_judged, purged

-- A link holds until either of its documents is extracted again, or is gone.
CREATE OR REPLACE TEMP TABLE pairs_now AS
SELECT least(task_id, other_id) AS a, greatest(task_id, other_id) AS b FROM task_links
WHERE document_sha256 IN (SELECT document FROM renewed WHERE kind = 'extracted')
    OR other_document IN (SELECT document FROM renewed WHERE kind IN ('extracted', 'purged'));

-- @ extracted

DELETE FROM task_links WHERE document_sha256 IN (SELECT document FROM extracted)
    OR other_document IN (SELECT document FROM extracted);

INSERT INTO task_links
SELECT found.document, link.task_id, link.other_id, link.other_document, link.level, link.confidence,
    coalesce(link.reasons, [])
FROM (SELECT seq, document, unnest(links) AS link FROM extracted WHERE links IS NOT NULL) found
LEFT JOIN extracted again ON again.document = link.other_document AND again.seq > found.seq
WHERE again.document IS NULL;

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

-- @ linked, unlinked, received

-- which letter a document is or belongs to, as last said

CREATE OR REPLACE TEMP TABLE belongs AS
SELECT document, letter_id, is_representative FROM linked
QUALIFY row_number() OVER (PARTITION BY document ORDER BY seq DESC) = 1;

UPDATE documents SET letter_id = b.letter_id, is_representative = b.is_representative
FROM belongs b WHERE documents.document_sha256 = b.document;

UPDATE tasks SET letter_id = b.letter_id FROM belongs b WHERE tasks.document_sha256 = b.document;

DELETE FROM letters USING belongs b
WHERE letters.document_sha256 = b.document AND letters.letter_id <> b.letter_id;

-- @ held, quarantined, dismissed

INSERT INTO quarantine
SELECT data."drop", recorded_at, kind, data.code, data.document, data."name", data.letter
FROM incoming WHERE kind IN ('held', 'quarantined');

UPDATE documents SET status = 'failed'
FROM (SELECT data.document AS document FROM incoming WHERE kind = 'quarantined') q
WHERE documents.document_sha256 = q.document;

UPDATE quarantine SET state = d.state, document_sha256 = coalesce(d.document, document_sha256)
FROM (
    SELECT data."drop" AS drop_id, data.state AS state, data.document AS document FROM incoming WHERE kind = 'dismissed'
    QUALIFY row_number() OVER (PARTITION BY data."drop" ORDER BY seq DESC) = 1
) d
WHERE quarantine.drop_id = d.drop_id;

-- @ attempted

INSERT INTO attempts
SELECT seq, recorded_at, data."drop", data.document, data.step,
    data.attempt, data.code, data.next_at::TIMESTAMP
FROM incoming WHERE kind = 'attempted';

-- @ corrected
-- People

INSERT INTO corrections
SELECT seq, recorded_at, data.task_id, data.field, data.seen, data."value",
    data.who, data.why, data.undoes
FROM incoming WHERE kind = 'corrected';

-- @ reviewed

-- the review page: one act may correct several fields, and add tasks

CREATE OR REPLACE TEMP TABLE reviewed AS
SELECT seq, recorded_at, data.act AS act, data.document AS document, data.task_id AS task_id,
    coalesce(data.added, []) AS added, coalesce(data.corrected, []) AS corrected, data.who AS who,
    data.why AS why, data.undoes AS undoes
FROM incoming WHERE kind = 'reviewed';

INSERT INTO acts
SELECT seq, recorded_at, act, document, task_id, list_transform(added, a -> a.task_id), who, why, undoes FROM reviewed;

INSERT INTO corrections
SELECT seq, recorded_at, c.task_id, c.field, c.seen, c."value", who, why, NULL
FROM (SELECT seq, recorded_at, who, why, unnest(corrected) AS c FROM reviewed);

INSERT INTO corrections
SELECT seq, recorded_at, task_id, NULL, NULL, NULL, who, why, undoes FROM reviewed WHERE undoes IS NOT NULL;

-- @ accepted_unseen

-- records accepted unseen: what the program itself says of their review

CREATE OR REPLACE TEMP TABLE settled AS
SELECT seq, recorded_at, document, threshold, calibration, who, s
FROM (SELECT seq, recorded_at, data.document AS document, data.threshold AS threshold, data.version AS calibration,
        data.who AS who, unnest(data.settled) AS s
    FROM incoming WHERE kind = 'accepted_unseen');

INSERT INTO acceptances
SELECT seq, recorded_at, document, s.task_id, s.outcome, s.confidence, threshold, calibration, s.digest FROM settled;

INSERT INTO corrections
SELECT seq, recorded_at, s.task_id, 'review', CASE s.outcome WHEN 'accepted' THEN '"open"' ELSE '"accepted"' END,
    CASE s.outcome WHEN 'accepted' THEN '"accepted"' ELSE '"open"' END, who, NULL, NULL
FROM settled WHERE s.outcome <> 'audited';

-- @ miss_judged

INSERT INTO miss_judgements
SELECT seq, recorded_at, data.document, data.miss, data.verdict, data.who FROM incoming WHERE kind = 'miss_judged';

-- @ learned

-- what the office's corrections taught, as it was switched on

INSERT INTO calibrations
SELECT seq, recorded_at, data.version, data.calibration, data.aliases, data.who FROM incoming WHERE kind = 'learned';

-- @ reviewed

-- A later extraction in the same batch may have brought the task along already.
INSERT INTO tasks BY NAME
SELECT a.task_id AS task_id, document AS document_sha256, d.letter_id AS letter_id, a.ordinal AS ordinal,
    'added' AS status, a."text" AS text, replace(lower(strip_accents(a."text")), 'đ', 'd') AS text_folded,
    'none' AS deadline_kind, 'none' AS relation, 'assigned' AS modality, [] AS section, 'no' AS concerns_us,
    1.0 AS confidence_text, 1.0 AS confidence_lead, 1.0 AS confidence_deadline, 1.0 AS confidence, [] AS reasons,
    [] AS rules, [] AS lead, [] AS coop, [] AS lead_bodies, [] AS coop_bodies, (a.places ->> '$[0].page')::INTEGER AS page, coalesce(a.places, '[]') AS places
FROM (SELECT document, unnest(added) AS a FROM reviewed) r JOIN documents d ON d.document_sha256 = r.document
WHERE a.task_id NOT IN (SELECT task_id FROM tasks WHERE document_sha256 IN (SELECT document FROM reviewed));

-- @ reviewed, extracted

-- What a person added is no orphan where the machine does not find it.
UPDATE tasks SET status = 'added', confidence_text = 1, confidence_lead = 1, confidence_deadline = 1, confidence = 1
WHERE status = 'orphan' AND document_sha256 IN (SELECT document FROM renewed)
    AND task_id IN (SELECT unnest(added) FROM acts);

-- @ amended, extracted

-- letterheads as people corrected them, laid over what was read

INSERT INTO letter_corrections
SELECT seq, recorded_at, data.letter, data.document, data.field, data.seen, data."value", data.who
FROM incoming WHERE kind = 'amended';

CREATE OR REPLACE TEMP TABLE amended AS
SELECT letter_id, map_from_entries(list((field, value ->> '$'))) AS said
FROM (
    SELECT letter_id, field, value FROM letter_corrections
    WHERE letter_id IN (
        SELECT letter_id FROM renewed WHERE kind = 'extracted'
        UNION ALL SELECT data.letter FROM incoming WHERE kind = 'amended')
    QUALIFY row_number() OVER (PARTITION BY letter_id, field ORDER BY seq DESC) = 1
)
GROUP BY letter_id;

UPDATE letters SET
    doc_type = CASE WHEN map_contains(said, 'doc_type') THEN said['doc_type'] ELSE doc_type END,
    code_number = CASE WHEN map_contains(said, 'code_number') THEN said['code_number'] ELSE code_number END,
    code_notation = CASE WHEN map_contains(said, 'code_notation') THEN said['code_notation'] ELSE code_notation END,
    issued_date = CASE WHEN map_contains(said, 'issued_date') THEN said['issued_date']::DATE ELSE issued_date END,
    place = CASE WHEN map_contains(said, 'place') THEN said['place'] ELSE place END,
    organ_name = CASE WHEN map_contains(said, 'organ_name') THEN said['organ_name'] ELSE organ_name END,
    subject = CASE WHEN map_contains(said, 'subject') THEN said['subject'] ELSE subject END,
    subject_folded = CASE WHEN map_contains(said, 'subject')
        THEN replace(lower(strip_accents(said['subject'])), 'đ', 'd') ELSE subject_folded END,
    signer_full_name = CASE WHEN map_contains(said, 'signer_full_name') THEN said['signer_full_name'] ELSE signer_full_name END,
    signer_position = CASE WHEN map_contains(said, 'signer_position') THEN said['signer_position'] ELSE signer_position END,
    urgency = CASE WHEN map_contains(said, 'urgency') THEN said['urgency'] ELSE urgency END,
    arrival_number = CASE WHEN map_contains(said, 'arrival_number') THEN said['arrival_number'] ELSE arrival_number END,
    arrival_date = CASE WHEN map_contains(said, 'arrival_date') THEN said['arrival_date']::DATE ELSE arrival_date END,
    is_draft = CASE WHEN map_contains(said, 'is_draft') THEN said['is_draft']::BOOLEAN ELSE is_draft END,
    unknown = list_filter(unknown, u -> NOT map_contains(said, split_part(u, ': ', 1)))
FROM amended WHERE letters.letter_id = amended.letter_id;

UPDATE letters SET same_code = same_code(code_number, code_notation) WHERE letter_id IN (SELECT letter_id FROM amended);

-- @ purged

INSERT INTO tombstones
SELECT data.document, recorded_at, data.who, data.why FROM incoming WHERE kind = 'purged';

DELETE FROM task_links WHERE other_document IN (SELECT data.document FROM incoming WHERE kind = 'purged');

-- @ task_link_judged

INSERT INTO link_judgements
SELECT seq, recorded_at, data.task_id, data.other_id, data.verdict, data.who, data.why, data.undoes
FROM incoming WHERE kind = 'task_link_judged' AND data.pairs IS NULL;

-- Several judged in one go are one event, and are taken back as one; likewise states below.
INSERT INTO link_judgements
SELECT seq, recorded_at, pair.task_id, pair.other_id, pair.verdict, who, why, undoes
FROM (SELECT seq, recorded_at, data.who AS who, data.why AS why, data.undoes AS undoes, unnest(data.pairs) AS pair
    FROM incoming WHERE kind = 'task_link_judged');

-- @ task_state_set

INSERT INTO task_states
SELECT seq, recorded_at, data.task_id, data.state, data.done_on, data.through, data.progress, data.note, data.source,
    data.who, data.why, data.undoes, data.letter, data.document, data.page, data.dated, data.other_id, data.because,
    data.moved_to, data.verdict, data.in_time
FROM incoming WHERE kind = 'task_state_set' AND data.states IS NULL;

INSERT INTO task_states BY NAME
SELECT seq, recorded_at, who, why, said.task_id, said.state, said.done_on, said.in_time, said.source,
    said.letter AS letter_id, said.document AS document_sha256, said.page, said.dated, said.other_id AS by_task_id,
    said.because, said.moved_to, said.verdict
FROM (SELECT seq, recorded_at, data.who AS who, data.why AS why, unnest(data.states) AS said
    FROM incoming WHERE kind = 'task_state_set');

-- What is said of a state may set the office's own deadline too; both are taken back together.
INSERT INTO corrections
SELECT seq, recorded_at, c.task_id, c.field, c.seen, c."value", who, why, NULL
FROM (SELECT seq, recorded_at, data.who AS who, data.why AS why, unnest(data.corrected) AS c
    FROM incoming WHERE kind = 'task_state_set');

INSERT INTO corrections
SELECT i.seq, i.recorded_at, data.task_id, NULL, NULL, NULL, data.who, data.why, data.undoes
FROM incoming i WHERE kind = 'task_state_set'
    AND data.undoes IN (SELECT seq FROM corrections);

-- @ corrected, reviewed, accepted_unseen, task_state_set
-- What is worked out of all that, of what this batch speaks of: values people set

INSERT INTO said_now
SELECT DISTINCT task_id FROM corrections
WHERE seq IN (SELECT seq FROM incoming)
    OR seq IN (SELECT undoes FROM corrections WHERE seq IN (SELECT seq FROM incoming));

DELETE FROM human_values WHERE task_id IN (FROM said_now);

INSERT INTO human_values
SELECT task_id,
    any_value(value) FILTER (field = 'text'),
    any_value(value) FILTER (field = 'lead'),
    any_value(value) FILTER (field = 'coop'),
    any_value(value) FILTER (field = 'deadline'),
    any_value(value) FILTER (field = 'office_due_date'),
    any_value(value) FILTER (field = 'source_doc'),
    any_value(value) FILTER (field = 'result'),
    any_value(value) FILTER (field = 'modality'),
    any_value(value) FILTER (field = 'review'),
    any_value(seen ->> '$') FILTER (field = 'review'),
    any_value(value) FILTER (field = 'places'),
    any_value(value) FILTER (field = 'concerns_us'),
    any_value(value) FILTER (field = 'our_role'),
    list(field ORDER BY field) FILTER (field NOT IN ('review', 'places', 'concerns_us', 'our_role'))
FROM (
    FROM corrections
    WHERE task_id IN (FROM said_now) AND undoes IS NULL
        AND seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
    QUALIFY row_number() OVER (PARTITION BY task_id, field ORDER BY seq DESC) = 1
)
GROUP BY task_id;

-- @ task_state_set

INSERT INTO told_now
SELECT DISTINCT task_id FROM task_states
WHERE seq IN (SELECT seq FROM incoming)
    OR seq IN (SELECT undoes FROM task_states WHERE seq IN (SELECT seq FROM incoming));

DELETE FROM standing_states WHERE task_id IN (FROM told_now);

INSERT INTO standing_states BY NAME
SELECT task_id, set_by.* EXCLUDE (seq), set_by.seq AS state_seq, through, progress, note
FROM (
    SELECT task_id,
        arg_max(struct_pack(
            state := state,
            done_on := CASE WHEN state = 'done' THEN done_on END,
            in_time := CASE WHEN state = 'done' AND done_on IS NULL THEN in_time END,
            done_known_on := CASE WHEN state = 'done'
                THEN coalesce(done_on, least(dated, CAST(recorded_at + INTERVAL 7 HOUR AS DATE))) END,
            state_source := source, state_letter_id := letter_id, state_document_sha256 := document_sha256, state_page := page,
            state_date := dated, state_by_task_id := by_task_id, state_because := because, state_by := who,
            state_at := recorded_at, seq := seq), seq) FILTER (state IS NOT NULL) AS set_by,
        max(through) AS through,
        nullif(arg_max(progress, seq) FILTER (progress IS NOT NULL), '') AS progress,
        nullif(arg_max(note, seq) FILTER (note IS NOT NULL), '') AS note
    FROM task_states
    WHERE task_id IN (FROM told_now) AND undoes IS NULL
        AND seq NOT IN (SELECT undoes FROM task_states WHERE undoes IS NOT NULL)
    GROUP BY task_id
);

-- @ extracted, task_link_judged, purged
-- The same task in two places, and in a chain of them

INSERT INTO pairs_now
SELECT least(task_id, other_id), greatest(task_id, other_id) FROM task_links
WHERE document_sha256 IN (SELECT document FROM renewed WHERE kind = 'extracted')
UNION
SELECT least(task_id, other_id), greatest(task_id, other_id) FROM link_judgements
WHERE seq IN (SELECT seq FROM incoming);

-- @ extracted, task_link_judged, purged where pairs_now

DELETE FROM standing_pairs USING pairs_now WHERE standing_pairs.a = pairs_now.a AND standing_pairs.b = pairs_now.b;

INSERT INTO standing_pairs
SELECT pair.a, pair.b, CASE WHEN judged.verdict = 'confirmed' THEN 'confirmed' ELSE seen.best.level END,
    seen.best.confidence, coalesce(seen.best.reasons, []), CASE WHEN judged.verdict = 'confirmed' THEN judged.who END
FROM (SELECT DISTINCT a, b FROM pairs_now) pair
LEFT JOIN (
    SELECT least(task_id, other_id) AS a, greatest(task_id, other_id) AS b,
        max({'confidence': confidence, 'level': level, 'reasons': reasons}) AS best
    FROM task_links WHERE least(task_id, other_id) IN (SELECT a FROM pairs_now)
    GROUP BY ALL
) seen ON seen.a = pair.a AND seen.b = pair.b
LEFT JOIN (
    SELECT least(task_id, other_id) AS a, greatest(task_id, other_id) AS b, arg_max(verdict, seq) AS verdict,
        arg_max(who, seq) AS who
    FROM last_judgements() GROUP BY ALL
) judged ON judged.a = pair.a AND judged.b = pair.b
WHERE judged.verdict = 'confirmed' OR (seen.best IS NOT NULL AND coalesce(judged.verdict, 'open') <> 'refused');

-- Chains that lose or gain a pair are made anew, all their mentions and nothing else: each is called what the least of
-- those beside it is, until nothing changes.
INSERT INTO chained_now
WITH ends AS MATERIALIZED (SELECT a AS task_id FROM pairs_now UNION SELECT b FROM pairs_now)
FROM ends
UNION
SELECT task_id FROM chains WHERE chain IN (SELECT chain FROM chains WHERE task_id IN (FROM ends));

DELETE FROM chains WHERE task_id IN (FROM chained_now);

INSERT INTO chains
WITH RECURSIVE pair AS MATERIALIZED (
    SELECT a, b, is_whole(reasons, level) AS is_whole FROM standing_pairs
    WHERE level <> 'possible' AND a IN (FROM chained_now)
), beside AS MATERIALIZED (
    SELECT a AS task_id, b AS other_id FROM pair UNION ALL SELECT b, a FROM pair
), called(task_id, chain) USING KEY (task_id) AS (
    SELECT DISTINCT task_id, task_id FROM beside
    UNION
    SELECT beside.other_id, min(called.chain)
    FROM called JOIN beside USING (task_id) JOIN recurring.called AS before ON before.task_id = beside.other_id
    WHERE called.chain < before.chain
    GROUP BY beside.other_id
), beside_whole AS MATERIALIZED (
    SELECT a AS task_id, b AS other_id FROM pair WHERE is_whole UNION ALL SELECT b, a FROM pair WHERE is_whole
), whole(task_id, whole) USING KEY (task_id) AS (
    SELECT DISTINCT task_id, task_id FROM beside
    UNION
    SELECT beside_whole.other_id, min(whole.whole)
    FROM whole JOIN beside_whole USING (task_id) JOIN recurring.whole AS before ON before.task_id = beside_whole.other_id
    WHERE whole.whole < before.whole
    GROUP BY beside_whole.other_id
)
FROM called JOIN whole USING (task_id);

-- @ extracted, task_link_judged, purged, task_state_set, corrected, reviewed
-- New last days, with all mentions of their tasks: a part of a task is none. The latest day of those confirmed holds, until
-- a person sets the deadline of the mention itself.
CREATE OR REPLACE TEMP TABLE moves AS
SELECT seq, task_id, moved_to, coalesce(verdict, 'confirmed') AS verdict, source, letter_id,
    coalesce(dated, vietnam_day(recorded_at)) AS known_on, undoes IS NULL AND seq NOT IN (SELECT undoes FROM task_states WHERE undoes IS NOT NULL) AS holds
FROM task_states WHERE moved_to IS NOT NULL;

-- @ extracted, task_link_judged, purged, task_state_set, corrected, reviewed where moves

CREATE OR REPLACE TEMP TABLE touched AS
WITH spoken AS MATERIALIZED (FROM chained_now UNION FROM said_now UNION FROM told_now)
FROM spoken
UNION
SELECT task_id FROM chains WHERE chain IN (SELECT chain FROM chains WHERE task_id IN (FROM spoken));

DELETE FROM moved_deadlines WHERE task_id IN (FROM touched);

INSERT INTO moved_deadlines
WITH moved AS MATERIALIZED (
    FROM moves WHERE holds AND task_id IN (FROM touched)
), reached AS (
    SELECT DISTINCT moved.task_id AS origin, coalesce(other.task_id, moved.task_id) AS task_id
    FROM moved LEFT JOIN chains own ON own.task_id = moved.task_id LEFT JOIN chains other ON other.whole = own.whole
    WHERE other.task_id IS NULL OR (moved.task_id, other.task_id) NOT IN (FROM refused_pairs())
), last_word AS (
    SELECT reached.task_id, moved_to, max({'seq': seq, 'verdict': verdict, 'source': source, 'letter_id': letter_id, 'known_on': known_on}) AS said
    FROM moved JOIN reached ON reached.origin = moved.task_id
    GROUP BY ALL
)
SELECT task_id, moved_to, said.verdict, said.seq, said.source, said.letter_id, said.known_on,
    row_number() OVER (PARTITION BY task_id, said.verdict ORDER BY moved_to DESC) = 1
FROM last_word
WHERE said.verdict = 'refused' OR said.seq > coalesce((
    SELECT max(c.seq) FROM corrections c
    WHERE c.task_id = last_word.task_id AND c.field = 'deadline' AND c.undoes IS NULL
        AND c.seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)), 0);

