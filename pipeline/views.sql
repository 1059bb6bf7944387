-- Views and macros over the tables: what analysts ask, corrections and judgements of people laid over the machine's.
-- Columns that bear the name of a table's column bear its comment too (store.py); the others are explained here.

CREATE MACRO vietnam_today() AS CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE);
COMMENT ON MACRO vietnam_today IS 'Today in Vietnam, whatever the time zone of the client';

CREATE MACRO vietnam_day(moment) AS CAST(moment + INTERVAL 7 HOUR AS DATE);
COMMENT ON MACRO vietnam_day IS 'The day in Vietnam of a moment in UTC';

CREATE MACRO last_corrections() AS TABLE
SELECT c.* FROM corrections c
WHERE c.undoes IS NULL AND c.seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
QUALIFY row_number() OVER (PARTITION BY c.task_id, c.field ORDER BY c.seq DESC) = 1;
COMMENT ON MACRO TABLE last_corrections IS 'standing_corrections without concerns_us, for what need not ask all tasks for it';

-- What people said of a field goes before what the machine read.
CREATE MACRO said(value, read) AS coalesce(value ->> '$', read);
COMMENT ON MACRO said IS 'What a person set, else what the machine read';

CREATE MACRO most_concerned(concern) AS
    ['named', 'collective', 'condition', 'excluded', 'no'][coalesce(min(list_position(['named', 'collective', 'condition', 'excluded', 'no'], concern)), 5)];
COMMENT ON MACRO most_concerned IS 'Of several tasks, concerns_us of the one that concerns us most; no where there is none';

CREATE MACRO more_concerned(concern, other) AS
    ['named', 'collective', 'condition', 'excluded', 'no'][least(
        coalesce(list_position(['named', 'collective', 'condition', 'excluded', 'no'], concern), 5),
        coalesce(list_position(['named', 'collective', 'condition', 'excluded', 'no'], other), 5))];
COMMENT ON MACRO more_concerned IS 'The same of two tasks, whichever of them is known';

-- Every view has concerns_us to filter by. Views are not built upon one another for it: what needs none of it reads what
-- stands behind them, and no join with all tasks is paid for.
CREATE VIEW task_concerns AS
SELECT t.task_id, t.document_sha256, t.letter_id, said(h.concerns_us, t.concerns_us) AS concerns_us
FROM tasks t LEFT JOIN human_values h USING (task_id);
COMMENT ON VIEW task_concerns IS 'Whether each task concerns us, as people say, else as read';
COMMENT ON COLUMN task_concerns.concerns_us IS 'named, collective, condition, excluded or no';

CREATE VIEW document_concerns AS
SELECT t.document_sha256, most_concerned(said(h.concerns_us, t.concerns_us)) AS concerns_us
FROM tasks t LEFT JOIN human_values h USING (task_id)
WHERE coalesce(h.review ->> '$', 'open') <> 'rejected'
GROUP BY t.document_sha256;
COMMENT ON VIEW document_concerns IS 'Whether each document with tasks concerns us, by the task that does most; rejected ones aside';
COMMENT ON COLUMN document_concerns.concerns_us IS 'named, collective, condition, excluded or no, of the task that concerns us most';

CREATE MACRO letter_concern(letter) AS (
    SELECT most_concerned(said(h.concerns_us, t.concerns_us))
    FROM tasks t LEFT JOIN human_values h USING (task_id)
    WHERE t.letter_id = letter AND coalesce(h.review ->> '$', 'open') <> 'rejected');
COMMENT ON MACRO letter_concern IS 'Of the tasks of a letter, rejected ones aside, concerns_us of the one that concerns us most; no where there is none';

CREATE VIEW standing_corrections AS
SELECT c.*, coalesce(concern.concerns_us, 'no') AS concerns_us
FROM last_corrections() c LEFT JOIN task_concerns concern USING (task_id);
COMMENT ON VIEW standing_corrections IS 'The last correction of each field of each task that was not taken back';
COMMENT ON COLUMN standing_corrections.concerns_us IS 'Whether its task does: named, collective, condition, excluded or no';

CREATE MACRO said_list(value, read) AS CASE WHEN value IS NULL THEN read ELSE from_json(value, '["VARCHAR"]') END;
COMMENT ON MACRO said_list IS 'The same of a list';

-- A name is worked out once, and then asked of: what a macro is given is written out wherever it stands in it.
CREATE MACRO said_bodies(value, read, names, province, house) AS CASE WHEN value IS NULL THEN read
    ELSE list_transform(from_json(value, '["VARCHAR"]'), lambda name:
        coalesce(read[list_position(names, name)],
            CASE WHEN starts_with(name, 'Cục ') THEN name
                ELSE list_transform([with_own_province(name, province)], lambda own: with_office(own, house, NULL))[1] END)) END;
COMMENT ON MACRO said_bodies IS 'The same of bodies told apart: read, under their names; province and house are those of the document';

CREATE MACRO said_due(deadline, read) AS CASE WHEN deadline IS NULL THEN read
    ELSE coalesce(deadline ->> '$.due_date', deadline ->> '$.date')::DATE END;
COMMENT ON MACRO said_due IS 'The due day of the deadline a person set, else the one that was read';

CREATE MACRO said_kind(deadline, read) AS CASE WHEN deadline IS NULL THEN read ELSE deadline ->> '$.kind' END;
COMMENT ON MACRO said_kind IS 'The kind of the deadline a person set, else of the one that was read';

CREATE MACRO said_recurs(deadline, read) AS CASE WHEN deadline IS NULL THEN read
    ELSE from_json(deadline -> '$.recurs', '["VARCHAR"]') END;
COMMENT ON MACRO said_recurs IS 'The days of a year or week on which the deadline a person set recurs, else the one that was read';

CREATE MACRO in_force(stated, moved, kind) AS CASE WHEN kind = 'recurring' OR moved IS NULL THEN stated
    ELSE greatest(stated, moved) END;
COMMENT ON MACRO in_force IS 'The last day that holds: the stated one, or a later one that people took from a later letter';

CREATE MACRO days_from(first, words) AS list_transform(
    [regexp_extract(regexp_replace(fold(words), ' ?\([^)]*\)', '', 'g'), '([0-9]{1,3}) ngay( lam viec)?', ['days', 'working'])],
    lambda told: CASE
        WHEN told.days = '' THEN NULL
        WHEN told.working = '' THEN first + told.days::INTEGER
        ELSE first + list_filter(range(1, 1500), lambda n: isodow(first + n::INTEGER) < 6)[told.days::INTEGER]::INTEGER END)[1];
COMMENT ON MACRO days_from IS 'The day that comes some days after a first one, in 10 ngày, or working days, in 10 ngày làm việc; holidays are not left out';

CREATE MACRO is_work(modality, is_draft, found, seen) AS modality = 'assigned' AND NOT coalesce(is_draft, false)
    AND (found <> 'orphan' OR seen IS NOT DISTINCT FROM 'orphan');
COMMENT ON MACRO is_work IS 'Whether a task is work to be done, as current_tasks.is_counted says';

CREATE MACRO day_meant(words) AS try_cast(nullif(regexp_replace(regexp_extract(
    fold(words), 'ngay ?([0-9]{1,2}(?: ?[/.-] ?| thang )[0-9]{1,2}(?: ?[/.-] ?|,? nam )[0-9]{4})', 1),
    '^([0-9]+)[^0-9]+([0-9]+)[^0-9]+([0-9]+)$', '\3-\2-\1'), '') AS DATE);
COMMENT ON MACRO day_meant IS 'The day of issue that words name of a letter';

-- A workbook that an office keeps of its tasks has no date; what its rows say they were assigned by has.
CREATE MACRO first_known(issued_date, source_doc, received_at) AS CASE WHEN issued_date IS NOT NULL THEN issued_date
    ELSE least(day_meant(source_doc), vietnam_day(received_at)) END;
COMMENT ON MACRO first_known IS 'Since when a task is known: the day of its letter; of one without a date that of the letter which assigned it, else the day it came';

-- Under a heading that says how things stand, a letter that is no report may still set a day: one to come, with no word on progress.
CREATE MACRO tells(doc_type, reported, progress, due, issued) AS coalesce(doc_type IN ('Báo cáo', 'Tờ trình'), false)
    OR (reported IS NOT NULL AND NOT coalesce(reported = 'not_done_late' AND progress IS NULL AND due >= issued, false));
COMMENT ON MACRO tells IS 'Whether a letter tells of a task rather than assigns it, as current_tasks.is_report says';

CREATE VIEW current_tasks AS
SELECT t.task_id, t.document_sha256, d.name AS document, t.letter_id, t.ordinal,
    CASE WHEN h.places IS NULL THEN t.page ELSE (h.places ->> '$[0].page')::INTEGER END AS page,
    said(h.text, t.text) AS text,
    CASE WHEN h.text IS NULL THEN t.text_folded ELSE fold(h.text ->> '$') END AS text_folded,
    said_list(h.lead, t.lead) AS lead, said_list(h.coop, t.coop) AS coop,
    said_bodies(h.lead, t.lead_bodies, t.lead, d.province, d.house) AS lead_bodies,
    said_bodies(h.coop, t.coop_bodies, t.coop, d.province, d.house) AS coop_bodies,
    CASE WHEN h.deadline IS NULL THEN t.deadline_text ELSE h.deadline ->> '$.text' END AS deadline_text,
    said_kind(h.deadline, t.deadline_kind) AS deadline_kind,
    CASE WHEN h.deadline IS NULL THEN t.deadline_date ELSE (h.deadline ->> '$.date')::DATE END AS deadline_date,
    CASE WHEN h.deadline IS NULL THEN t.relation ELSE coalesce(h.deadline ->> '$.relation', t.relation) END AS relation,
    CASE WHEN h.deadline IS NULL THEN t.grain ELSE coalesce(h.deadline ->> '$.grain', t.grain) END AS grain,
    in_force(said_due(h.deadline, t.due_date), m.due_date, said_kind(h.deadline, t.deadline_kind)) AS due_date,
    CASE WHEN h.deadline IS NULL THEN t.due_time ELSE (h.deadline ->> '$.due_time')::TIME END AS due_time,
    said_recurs(h.deadline, t.recurs) AS recurs, CASE WHEN h.deadline IS NULL THEN t.anchor END AS anchor,
    CASE WHEN h.deadline IS NULL AND t.anchor = 'received' AND t.due_date IS NULL AND l.arrival_date IS NULL
        THEN days_from(vietnam_day(d.received_at), t.deadline_text) END AS due_if_received,
    nullif(said_due(h.deadline, t.due_date), in_force(said_due(h.deadline, t.due_date), m.due_date, said_kind(h.deadline, t.deadline_kind)))
        AS due_date_before,
    CASE WHEN m.due_date >= coalesce(said_due(h.deadline, t.due_date), m.due_date) THEN m.source END AS due_date_source,
    CASE WHEN m.due_date >= coalesce(said_due(h.deadline, t.due_date), m.due_date) THEN m.letter_id END AS due_date_letter_id,
    (h.office_due_date ->> '$')::DATE AS office_due_date,
    CASE WHEN h.source_doc IS NULL THEN t.source_doc ELSE h.source_doc ->> '$' END AS source_doc,
    CASE WHEN h.result IS NULL THEN t.result ELSE h.result ->> '$' END AS result,
    said(h.modality, t.modality) AS modality, t.section, said(h.concerns_us, t.concerns_us) AS concerns_us,
    CASE WHEN said(h.concerns_us, t.concerns_us) NOT IN ('no', 'excluded')
        THEN coalesce(said(h.our_role, t.our_role), 'unknown') END AS our_role,
    coalesce(t.assigned_by, l.organ_name) AS assigned_by,
    CASE WHEN t.status = 'orphan' AND h.review_seen IS DISTINCT FROM 'orphan' THEN 'orphan'
        ELSE coalesce(h.review ->> '$', 'open') END AS status,
    t.confidence_text, t.confidence_lead, t.confidence_deadline, t.confidence, t.reasons, t.rules,
    coalesce(h.places, t.places) AS places,
    coalesce(h.fields, []) AS corrected_fields,
    l.code_number, l.code_notation, l.issued_date, first_known(l.issued_date, t.source_doc, d.received_at) AS known_since,
    l.doc_type, l.organ_name, l.subject, l.urgency,
    coalesce(s.state, 'open') AS state, s.done_on, s.in_time, s.done_known_on, s.through,
    s.progress, s.note, s.state_source, s.state_letter_id, s.state_document_sha256, s.state_page, s.state_date, s.state_by,
    s.state_at, t.reported, t.reported_progress, coalesce(l.is_draft, false) AS is_draft,
    tells(l.doc_type, t.reported, t.reported_progress, t.due_date, l.issued_date) AS is_report,
    is_work(said(h.modality, t.modality), l.is_draft, t.status, h.review_seen) AS is_counted
FROM tasks t
JOIN documents d USING (document_sha256)
LEFT JOIN letters l ON l.letter_id = t.letter_id
LEFT JOIN human_values h USING (task_id)
LEFT JOIN standing_states s USING (task_id)
LEFT JOIN moved_deadlines m ON m.task_id = t.task_id AND m.verdict = 'confirmed' AND m.is_last
WHERE d.is_representative AND coalesce(h.review ->> '$', 'open') <> 'rejected';
COMMENT ON VIEW current_tasks IS 'Tasks as they stand now: corrections applied, other copies of a letter left out';
COMMENT ON COLUMN current_tasks.document IS 'File name of the document at its first drop';
COMMENT ON COLUMN current_tasks.due_date IS
    'Computed last day, relative deadlines resolved; the later one of a later letter, once a person has taken it';
COMMENT ON COLUMN current_tasks.due_date_before IS 'The last day its own letter states, where a later letter has moved it';
COMMENT ON COLUMN current_tasks.due_date_source IS 'Number and symbol of the later letter that the day is of';
COMMENT ON COLUMN current_tasks.due_date_letter_id IS 'That letter';
COMMENT ON COLUMN current_tasks.due_if_received IS
    'Of a deadline that counts from an arrival nobody entered: the last day, had the letter arrived when its file came here; holidays are not left out. Nothing counts it';
COMMENT ON COLUMN current_tasks.office_due_date IS 'The day the office set for itself; goes before due_date';
COMMENT ON COLUMN current_tasks.assigned_by IS 'Who gives the order: who the letter says, else its issuer';
COMMENT ON COLUMN current_tasks.our_role IS
    'What we do in a task that concerns us: leads; among_all: a collective that leads it means us; cooperates; unknown: read before this was told, see giaoviec reextract; null: it does not concern us';
COMMENT ON COLUMN current_tasks.known_since IS 'Day of issue of its letter; where the letter bears none, that of the letter it says assigned it, else the day it came: before it the task is on no list';
COMMENT ON COLUMN current_tasks.status IS
    'Of the review: open, accepted, approved, or orphan (no longer found by the machine, kept for what people said of it)';
COMMENT ON COLUMN current_tasks.corrected_fields IS 'Fields that people corrected';
COMMENT ON COLUMN current_tasks.state IS 'Of the work: open, done, cancelled or superseded; set by people';
COMMENT ON COLUMN current_tasks.progress IS 'How far it is, as people say; what the letter itself says is reported_progress';
COMMENT ON COLUMN current_tasks.is_counted IS
    'Whether it is work to be done: assigned rather than proposed, in no draft, and found in the letter or kept by a person';
COMMENT ON COLUMN current_tasks.is_report IS
    'Whether its letter is a report, or says how far the task is: it tells of deadlines that others set';
COMMENT ON COLUMN current_tasks.done_on IS 'Day it was done, where it is; null: nobody says';
COMMENT ON COLUMN current_tasks.in_time IS 'Whether it was done in time, as far as that is said without the day';
COMMENT ON COLUMN current_tasks.done_known_on IS
    'Day by which it is known to be done: that it was done, else that of the letter which says so, or of the record';
COMMENT ON COLUMN current_tasks.state_source IS 'What the state is known from: a letter, a workbook, a person';
COMMENT ON COLUMN current_tasks.state_letter_id IS 'The letter the state is known from';
COMMENT ON COLUMN current_tasks.state_document_sha256 IS 'The file of that letter which says so';
COMMENT ON COLUMN current_tasks.state_page IS 'The page that says so';
COMMENT ON COLUMN current_tasks.state_date IS 'Day of issue of that letter';
COMMENT ON COLUMN current_tasks.state_by IS 'Who set the state';
COMMENT ON COLUMN current_tasks.state_at IS 'When the state was set, UTC';

CREATE VIEW review_queue AS
SELECT t.*, c.conflicts
FROM current_tasks t
LEFT JOIN (
    SELECT k.task_id, list(k.field ORDER BY k.field) AS conflicts
    FROM last_corrections() k
    JOIN tasks m USING (task_id)
    WHERE CASE k.field
        WHEN 'text' THEN m.text NOT IN (k.seen ->> '$', k.value ->> '$')
        WHEN 'lead' THEN m.lead NOT IN (from_json(k.seen, '["VARCHAR"]'), from_json(k.value, '["VARCHAR"]'))
        WHEN 'coop' THEN m.coop NOT IN (from_json(k.seen, '["VARCHAR"]'), from_json(k.value, '["VARCHAR"]'))
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
COMMENT ON COLUMN review_queue.conflicts IS 'Fields where the machine now reads something else than a person set';

CREATE VIEW open_misses AS
SELECT m.*, d.name AS document, d.letter_id, coalesce(concern.concerns_us, 'no') AS concerns_us
FROM possible_misses m
JOIN documents d USING (document_sha256)
LEFT JOIN document_concerns concern USING (document_sha256)
LEFT JOIN (SELECT document_sha256, miss_id, arg_max(verdict, seq) AS verdict FROM miss_judgements GROUP BY ALL) j
    USING (document_sha256, miss_id)
WHERE d.is_representative AND coalesce(j.verdict, 'open') = 'open'
    AND NOT EXISTS (FROM current_tasks t WHERE t.document_sha256 = m.document_sha256 AND contains(t.text, m.text));
COMMENT ON VIEW open_misses IS 'Possible misses nobody has added or dismissed';
COMMENT ON COLUMN open_misses.document IS 'File name of the document at its first drop';
COMMENT ON COLUMN open_misses.concerns_us IS 'Of the tasks of its document the one that concerns us most: named, collective, condition, excluded or no';

-- The same task in two places

CREATE MACRO told_on(known_on, letter_day, said_at) AS greatest(known_on, coalesce(letter_day, vietnam_day(said_at)));
COMMENT ON MACRO told_on IS 'By which day it is told that a task is done: that of the letter which says so, or when a person did';

CREATE VIEW states AS
SELECT s.*, coalesce(concern.concerns_us, 'no') AS concerns_us
FROM standing_states s LEFT JOIN task_concerns concern USING (task_id);
COMMENT ON VIEW states IS 'What people say of the state of tasks, a row a task, the last word of each field';
COMMENT ON COLUMN states.concerns_us IS 'Whether the task does: named, collective, condition, excluded or no';

CREATE MACRO last_judgements() AS TABLE
SELECT * FROM link_judgements
WHERE undoes IS NULL AND seq NOT IN (SELECT undoes FROM link_judgements WHERE undoes IS NOT NULL);
COMMENT ON MACRO TABLE last_judgements IS 'standing_judgements without concerns_us, for what need not ask all tasks for it';

CREATE VIEW standing_judgements AS
SELECT said.*, more_concerned(one.concerns_us, other.concerns_us) AS concerns_us
FROM last_judgements() said
LEFT JOIN task_concerns one ON one.task_id = said.task_id LEFT JOIN task_concerns other ON other.task_id = said.other_id;
COMMENT ON VIEW standing_judgements IS 'What people said of links and did not take back; the last word about a pair holds';
COMMENT ON COLUMN standing_judgements.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';

CREATE VIEW linked_pairs AS
SELECT pair.*, more_concerned(one.concerns_us, other.concerns_us) AS concerns_us
FROM standing_pairs pair LEFT JOIN task_concerns one ON one.task_id = pair.a LEFT JOIN task_concerns other ON other.task_id = pair.b;
COMMENT ON VIEW linked_pairs IS
    'The same task in two places, whichever came first: what the machine sees, less what people refused, plus what they linked; in order in links';
COMMENT ON COLUMN linked_pairs.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';

CREATE MACRO is_part(link_reasons, link_level) AS link_level <> 'confirmed'
    AND list_has_any(link_reasons, ['one_of_the_leads', 'lead_of_its_kind']);
COMMENT ON MACRO is_part IS
    'Whether a link is one of a body''s part with the whole, as far as nobody has confirmed it: its day is not that of the whole';

CREATE MACRO is_less(link_reasons, link_level) AS link_level <> 'confirmed'
    AND list_has_any(link_reasons, ['fewer_of_it', 'smaller_numbers']) AND NOT list_contains(link_reasons, 'rest_of_it');
COMMENT ON MACRO is_less IS
    'Whether the later mention of a link is less of the same, and not what is left of it: its day, or that it is done, is not that of the whole';

CREATE MACRO is_in_doubt(link_reasons, link_level) AS link_level NOT IN ('confirmed', 'exact')
    AND NOT list_contains(link_reasons, 'rest_of_it')
    AND (list_has_any(link_reasons, ['earlier_deadline', 'like_its_chain'])
        OR (list_has_any(link_reasons, ['same_quarter', 'later_deadline', 'far_deadline'])
            AND NOT list_has_any(link_reasons, ['names_the_letter', 'letter_cites_it', 'same_source', 'part_of_wording'])));
COMMENT ON MACRO is_in_doubt IS
    'Whether wording alone speaks for a link: the later letter sets the earlier day, or days say nothing (far ones, the end of a quarter) and no letter names the other; or only that other mentions of the task are like it';

CREATE MACRO is_whole(link_reasons, link_level) AS NOT is_part(link_reasons, link_level)
    AND NOT is_less(link_reasons, link_level) AND NOT is_in_doubt(link_reasons, link_level);
COMMENT ON MACRO is_whole IS 'Whether a link is one of the whole task with the whole, for all that is known: what is done, or moved, holds for both';

CREATE MACRO refused_pairs() AS TABLE
WITH refused AS (
    SELECT least(task_id, other_id) AS a, greatest(task_id, other_id) AS b FROM last_judgements()
    GROUP BY ALL HAVING arg_max(verdict, seq) = 'refused'
)
SELECT a AS task_id, b AS other_id FROM refused UNION ALL SELECT b, a FROM refused;
COMMENT ON MACRO TABLE refused_pairs IS 'Tasks that people said are not one, each pair both ways: whatever links both to a third, neither stands for the other';

CREATE MACRO one_task() AS TABLE
SELECT a AS task_id, b AS other_id, level, reasons FROM standing_pairs WHERE level <> 'possible' AND NOT is_part(reasons, level)
UNION ALL
SELECT b, a, level, reasons FROM standing_pairs WHERE level <> 'possible' AND NOT is_part(reasons, level);
COMMENT ON MACRO TABLE one_task IS 'same_task without concerns_us, for what need not ask all tasks for it';

CREATE VIEW same_task AS
SELECT pair.task_id, pair.other_id, pair.level, more_concerned(one.concerns_us, other.concerns_us) AS concerns_us
FROM one_task() pair
LEFT JOIN task_concerns one ON one.task_id = pair.task_id LEFT JOIN task_concerns other ON other.task_id = pair.other_id;
COMMENT ON VIEW same_task IS 'Mentions that count as one task, each pair both ways: what links, unless only offered or a part of the whole';
COMMENT ON COLUMN same_task.task_id IS 'A mention';
COMMENT ON COLUMN same_task.other_id IS 'Another mention of the same task';
COMMENT ON COLUMN same_task.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';

-- Due days. What recurs is due again and again, on the days its words name.

CREATE MACRO day_of(year, month, day) AS least(
    CAST(make_date(year, month, 1) + (day - 1) AS DATE), last_day(make_date(year, month, 1)));
COMMENT ON MACRO day_of IS 'A day of a month, its last one where it is shorter';

CREATE MACRO turns(first_due, recurs) AS coalesce(nullif(recurs, []), [strftime(first_due, '%m-%d')]);
COMMENT ON MACRO turns IS 'Days on which a duty recurs; where its words name none, that of its first day every year';

CREATE MACRO turn_in(year, turn) AS day_of(year, turn[1:2]::INTEGER, turn[4:5]::INTEGER);
COMMENT ON MACRO turn_in IS 'The day a turn MM-DD is in a year';

CREATE MACRO due_again(first_due, recurs, since, until) AS CASE WHEN first_due IS NULL THEN [] ELSE
    list_sort(list_distinct(list_filter(
        flatten(list_transform(
            turns(first_due, recurs),
            lambda turn: CASE WHEN turn[1] = 'W'
                THEN list_transform(
                    range(0, greatest(until - first_due, -7) // 7 + 1),
                    lambda n: first_due + ((turn[2]::INTEGER - isodow(first_due) + 7) % 7 + n * 7)::INTEGER)
                ELSE list_transform(
                    range(year(greatest(first_due, since)), year(until) + 1),
                    lambda y: turn_in(y, turn)) END)),
        lambda day: day BETWEEN greatest(since, first_due) AND until))) END;
COMMENT ON MACRO due_again IS 'Due days from since to until of a duty that recurs on given days (tasks.recurs), first due on first_due';

-- One day is found without laying out all: turns of a year compare as their letters do, for what a month does not have is
-- its last day.
CREATE MACRO turn_before(turns, day) AS CASE WHEN turns[1][1] = 'W'
    THEN list_max(list_transform(turns, lambda turn: day - 1 - (isodow(day - 1) - turn[2]::INTEGER + 7)::INTEGER % 7))
    ELSE coalesce(turn_in(year(day), list_max(list_filter(turns, lambda turn: turn < strftime(day, '%m-%d')))),
        turn_in(year(day) - 1, list_max(turns))) END;
COMMENT ON MACRO turn_before IS 'The last day before a day on which something recurs';

CREATE MACRO turn_from(turns, day) AS CASE WHEN turns[1][1] = 'W'
    THEN list_min(list_transform(turns, lambda turn: day + (turn[2]::INTEGER - isodow(day) + 7)::INTEGER % 7))
    ELSE coalesce(turn_in(year(day), list_min(list_filter(turns, lambda turn: turn >= strftime(day, '%m-%d')))),
        turn_in(year(day) + 1, list_min(turns))) END;
COMMENT ON MACRO turn_from IS 'The first day, from a day on, on which something recurs';

CREATE MACRO last_turn(first_due, recurs, through, day) AS list_filter(
    [turn_before(turns(first_due, recurs), day)],
    lambda found: first_due IS NOT NULL AND found >= greatest(first_due, through + 1))[1];
COMMENT ON MACRO last_turn IS 'The last day before a day that a recurring duty was due and is not done with (through); null: none';

-- Apart from the tasks that do not recur: lists are taken apart block by block, however few rows of a block recur.
CREATE MACRO recurring_on(day := NULL) AS TABLE
WITH recurring AS MATERIALIZED (
    SELECT t.task_id, said_due(h.deadline, t.due_date) AS due_date, said_recurs(h.deadline, t.recurs) AS recurs, s.through
    FROM tasks t LEFT JOIN human_values h USING (task_id) LEFT JOIN standing_states s USING (task_id)
    WHERE said_kind(h.deadline, t.deadline_kind) = 'recurring'
)
SELECT task_id, last_turn(due_date, recurs, through, coalesce(day::DATE, vietnam_today())) AS last_day,
    CASE WHEN due_date IS NOT NULL THEN turn_from(
        turns(due_date, recurs), greatest(coalesce(day::DATE, vietnam_today()), through + 1, due_date)) END AS next_day
FROM recurring;
COMMENT ON MACRO TABLE recurring_on IS
    'Recurring duties on a day (today): the last day they were due and are not done with (last_day), and the next one (next_day)';

CREATE MACRO due_days(since, until) AS TABLE
SELECT unnest(CASE WHEN t.deadline_kind = 'recurring'
        THEN due_again(t.due_date, t.recurs, greatest(since, coalesce(t.through + 1, since)), until)
        ELSE [coalesce(t.office_due_date, t.due_date)] END) AS due, t.*
FROM current_tasks t
WHERE t.deadline_kind = 'recurring' OR coalesce(t.office_due_date, t.due_date) BETWEEN since AND until;
COMMENT ON MACRO TABLE due_days IS 'Every due day from since to until, a row each, with its task; recurring duties by their occurrences';

-- Of tasks whose day was moved after some day: the day that held then, as far as it was not the stated one, and whose it was.
CREATE MACRO moved_later(day) AS TABLE
SELECT task_id, max(due_date) FILTER (was_known) AS due_date, arg_max(source, due_date) FILTER (was_known) AS source,
    arg_max(letter_id, due_date) FILTER (was_known) AS letter_id
FROM (
    SELECT moved.*, coalesce(l.issued_date, moved.known_on) <= day::DATE AS was_known
    FROM moved_deadlines moved LEFT JOIN letters l ON l.letter_id = moved.letter_id WHERE verdict = 'confirmed'
)
GROUP BY task_id HAVING NOT bool_and(was_known);
COMMENT ON MACRO TABLE moved_later IS 'Tasks whose last day was moved after a day, with the one that a letter had set until then';

CREATE MACRO stated_due(due, before, source) AS CASE WHEN source IS NULL THEN due ELSE before END;
COMMENT ON MACRO stated_due IS 'The day a task''s own letter states, of the day that holds, the one before and whose it is';

CREATE MACRO state_on(state, known_on, day) AS CASE WHEN known_on > day::DATE THEN 'open' ELSE state END;
COMMENT ON MACRO state_on IS 'The state of a task on a day: open before the day by which it is known to be another one';

CREATE MACRO ended_on(done_known_on, letter_day, said_at) AS coalesce(done_known_on, letter_day, vietnam_day(said_at));
COMMENT ON MACRO ended_on IS 'By which day a task is known to be done, or cancelled or superseded: that of the letter which says so, or when a person did';

CREATE MACRO tasks_on(day := NULL) AS TABLE
SELECT task.* REPLACE (
    CASE WHEN moved.task_id IS NULL THEN task.due_date
        ELSE in_force(stated_due(task.due_date, due_date_before, due_date_source), moved.due_date, deadline_kind) END AS due_date,
    CASE WHEN moved.task_id IS NULL OR moved.due_date IS NOT NULL THEN due_date_before END AS due_date_before,
    CASE WHEN moved.task_id IS NULL THEN due_date_source ELSE moved.source END AS due_date_source,
    CASE WHEN moved.task_id IS NULL THEN due_date_letter_id ELSE moved.letter_id END AS due_date_letter_id,
    state_on(state, ended_on(done_known_on, state_date, state_at), day) AS state,
    CASE WHEN done_known_on > day::DATE THEN NULL ELSE done_on END AS done_on,
    CASE WHEN done_known_on > day::DATE THEN NULL ELSE in_time END AS in_time,
    CASE WHEN done_known_on > day::DATE THEN NULL ELSE done_known_on END AS done_known_on)
FROM current_tasks task LEFT JOIN moved_later(day) moved ON moved.task_id = task.task_id
WHERE day IS NULL OR known_since <= day::DATE;
COMMENT ON MACRO TABLE tasks_on IS
    'Tasks as they stood on a day by what is known now: without later letters and the days they set, and open where they were done, cancelled or superseded later';

-- From the tables, few columns, and once: what asks of all mentions of a task must not lay out all of current_tasks for it.
CREATE VIEW linked_mentions AS
SELECT t.task_id, t.letter_id, linked.whole, said_list(h.lead, t.lead) AS lead, h.lead IS NULL AS is_lead_read,
    said(h.concerns_us, t.concerns_us) AS concerns_us, said_kind(h.deadline, t.deadline_kind) = 'recurring' AS is_recurring, said_due(h.deadline, t.due_date) AS stated_due,
    in_force(said_due(h.deadline, t.due_date), m.due_date, said_kind(h.deadline, t.deadline_kind)) AS due_date,
    coalesce((h.office_due_date ->> '$')::DATE,
        in_force(said_due(h.deadline, t.due_date), m.due_date, said_kind(h.deadline, t.deadline_kind))) AS due,
    h.office_due_date IS NOT NULL AS is_office_day,
    coalesce(s.state, 'open') AS state, s.state = 'open' AS is_said_open, s.state_at, s.done_on, s.done_known_on,
    told_on(s.done_known_on, s.state_date, s.state_at) AS done_told_on, s.state_date, s.progress, s.note, t.reported, l.issued_date,
    first_known(l.issued_date, t.source_doc, d.received_at) AS known_since,
    (coalesce(l.issued_date, vietnam_day(d.received_at)), d.received_at, t.document_sha256, t.ordinal) AS place,
    is_work(said(h.modality, t.modality), l.is_draft, t.status, h.review_seen) AS is_counted,
    tells(l.doc_type, t.reported, t.reported_progress, t.due_date, l.issued_date) AS is_report
FROM chains linked
JOIN tasks t USING (task_id)
JOIN documents d USING (document_sha256)
LEFT JOIN letters l ON l.letter_id = t.letter_id
LEFT JOIN human_values h ON h.task_id = t.task_id
LEFT JOIN standing_states s ON s.task_id = t.task_id
LEFT JOIN moved_deadlines m ON m.task_id = t.task_id AND m.verdict = 'confirmed' AND m.is_last
WHERE d.is_representative AND coalesce(h.review ->> '$', 'open') <> 'rejected';
COMMENT ON VIEW linked_mentions IS 'Of tasks that stand in several places, what repeated and later_mentions need; the same as in current_tasks';
COMMENT ON COLUMN linked_mentions.whole IS 'The task it is a mention of, as in chains';
COMMENT ON COLUMN linked_mentions.is_lead_read IS 'Whether its leads are those that were read, not such as a person set';
COMMENT ON COLUMN linked_mentions.is_recurring IS 'Whether its deadline recurs';
COMMENT ON COLUMN linked_mentions.is_office_day IS 'Whether the office set a day of its own for it';
COMMENT ON COLUMN linked_mentions.progress IS 'How far it is, in words';
COMMENT ON COLUMN linked_mentions.stated_due IS 'The day its own letter states, or a person set';
COMMENT ON COLUMN linked_mentions.due_date IS 'The day that holds: a later letter''s, once a person has taken it';
COMMENT ON COLUMN linked_mentions.due IS 'The office''s own day, else the due day';
COMMENT ON COLUMN linked_mentions.state IS 'Of the work: open, done, cancelled or superseded';
COMMENT ON COLUMN linked_mentions.is_said_open IS 'Whether a person said that it is not done; null: nobody said anything of its state';
COMMENT ON COLUMN linked_mentions.state_at IS 'When a person last said something of its state, UTC';
COMMENT ON COLUMN linked_mentions.done_on IS 'Day it was done; null: nobody says';
COMMENT ON COLUMN linked_mentions.done_known_on IS 'Day by which it is known to be done, as in current_tasks';
COMMENT ON COLUMN linked_mentions.done_told_on IS 'Day by which it is told that it is done';
COMMENT ON COLUMN linked_mentions.place IS 'What mentions are put in order by: the letter''s day, when it came, its file, the order in it';
COMMENT ON COLUMN linked_mentions.is_report IS 'Whether it is told in a report, as in current_tasks';
COMMENT ON COLUMN linked_mentions.is_counted IS 'Whether it is work to be done, as in current_tasks';

CREATE MACRO works_named(folded) AS CASE WHEN NOT contains(folded, ';') THEN 1
    ELSE len(list_filter(string_split(folded, ';'), lambda part: NOT regexp_matches(part,
        '^ *(phai )?(xong|hoan thanh|ket thuc|thuc hien xong|thoi (han|gian)( hoan thanh)?)? *:? *((trong|truoc|cham nhat|den|het|vao|xong) [^;]*[0-9][. ]*$|[. ]*$)'))) END;
COMMENT ON MACRO works_named IS 'How many works a folded text names, one behind another with semicolons between; a clause that tells the day alone is none';
-- A difference, not a comparison: a join would work out each side of that for every row, before it knows which belong together.
CREATE MACRO names_more(folded, other) AS works_named(folded) - works_named(other) > 0;
COMMENT ON MACRO names_more IS 'Whether a folded text names more works than another';

-- One task is counted once, however many letters speak of it. A wrong link must not hide a day that comes sooner: of open
-- mentions the one due first stands for all, until somebody says that its day was moved, or sets a day of the office's; of
-- done ones the last. Nor may it hide a day at all: only that of a letter that has more to do with the other one than this
-- link, or a link that a person confirmed; a link in doubt hides none. Nor may it take a task off the list of a body that
-- leads it, or off ours: only a mention with all its leads, by whatever name, stands for another. What is left stands twice
-- rather than not at all.
CREATE MACRO repeated(day := NULL) AS TABLE
WITH known AS (
    SELECT task.* REPLACE (CASE WHEN moved.task_id IS NULL OR is_recurring OR is_office_day THEN due
        ELSE in_force(stated_due, moved.due_date, '') END AS due)
    FROM linked_mentions task LEFT JOIN moved_later(day) moved ON moved.task_id = task.task_id
), mention AS MATERIALIZED (
    SELECT task_id, letter_id, whole, state_on(state, ended_on(done_known_on, state_date, state_at), day) AS state, state_date, lead,
        is_lead_read, concerns_us, concerns_us NOT IN ('no', 'excluded') AS is_ours, due, is_recurring, done_known_on, done_told_on, known_since, reported,
        is_said_open, state_at, progress, note, {
        'is_theirs': NOT is_office_day,
        'due': CASE WHEN state = 'done' AND coalesce(done_known_on <= day::DATE, true) THEN DATE '9999-12-31' ELSE coalesce(due, DATE '9999-12-31') END,
        'is_report': is_report, 'age': DATE '9999-12-31' - coalesce(issued_date, DATE '0001-01-01'), 'task_id': task_id} AS rank
    FROM known
    WHERE is_counted AND (day IS NULL OR known_since <= day::DATE)
), told AS (
    SELECT mention, other, link.level = 'confirmed' AS is_confirmed, false AS is_done
    FROM one_task() link JOIN mention USING (task_id) JOIN mention other ON other.task_id = link.other_id
    WHERE NOT is_in_doubt(link.reasons, link.level) AND other.state = mention.state AND other.rank < mention.rank
        AND (list_has_all(other.lead, mention.lead)
            OR (list_contains(link.reasons, 'same_leads') AND mention.is_lead_read AND other.is_lead_read))
        AND (other.is_ours OR NOT mention.is_ours) AND (other.is_recurring = mention.is_recurring OR (mention.due IS NULL AND NOT mention.is_recurring))
    UNION ALL
    -- What a person said is done, or cancelled, was so with the letters that were there then; who asks for it later asks anew,
    -- but not who told of it before that was said. What a letter replaced, or gave to another body, was so with all before that
    -- letter. Of what a person said since that it is not done, that holds, and so does that two are not one.
    SELECT mention, other, false, true
    FROM mention other JOIN mention USING (whole)
    WHERE mention.state = 'open' AND CASE other.state WHEN 'open' THEN false WHEN 'superseded' THEN other.state_date > mention.known_since
            ELSE coalesce(other.done_known_on, other.done_told_on) >= mention.known_since
                OR (mention.rank.is_report AND other.done_told_on > mention.known_since) END
        AND (mention.task_id, other.task_id) NOT IN (FROM refused_pairs())
        AND NOT coalesce(mention.is_said_open AND mention.state_at > other.state_at, false)
        AND NOT mention.is_recurring AND NOT other.is_recurring AND (list_has_any(other.lead, mention.lead) OR len(mention.lead) = 0)
), pair AS MATERIALIZED (
    SELECT mention.task_id, mention.progress, mention.note, mention.concerns_us, mention.letter_id, other.task_id AS by_task_id,
        other.letter_id AS by_letter_id, other.rank AS by_rank, mention.due IS NULL OR mention.due = other.due AS is_same_day,
        mention.state = 'done' OR mention.due IS NULL OR is_confirmed OR mention.due IS NOT DISTINCT FROM other.due AS is_sure, is_done
    FROM told
), doubted AS MATERIALIZED (
    SELECT DISTINCT letter_id, by_letter_id FROM pair WHERE NOT is_sure
), related AS MATERIALIZED (
    -- Another task of both, or a citation, whichever of them cites.
    SELECT mention.letter_id, other.letter_id AS by_letter_id
    FROM one_task() link JOIN mention USING (task_id) JOIN mention other ON other.task_id = link.other_id
    SEMI JOIN doubted ON doubted.letter_id = mention.letter_id AND doubted.by_letter_id = other.letter_id
    GROUP BY ALL HAVING min(link.task_id) <> max(link.task_id) AND min(link.other_id) <> max(link.other_id)
    UNION
    SELECT ends.letter_id, ends.by_letter_id
    FROM (
        SELECT *, letter_id AS citing, by_letter_id AS cited FROM doubted
        UNION ALL
        SELECT *, by_letter_id, letter_id FROM doubted
    ) ends
    JOIN letters citing ON citing.letter_id = ends.citing JOIN letters cited ON cited.letter_id = ends.cited
    JOIN citations c ON c.document_sha256 = citing.document_sha256 AND c.same_code = cited.same_code
), part_done AS (
    -- One mention is done, and a letter that came no earlier says that another is not, or the other names more works.
    SELECT pair.task_id, pair.by_task_id FROM pair JOIN mention done ON done.task_id = pair.by_task_id
    JOIN mention other ON other.whole = done.whole
    WHERE pair.is_done AND other.state = 'open' AND other.reported LIKE 'not_done%' AND other.known_since >= done.done_told_on
    UNION
    SELECT pair.task_id, pair.by_task_id FROM pair JOIN tasks t USING (task_id) JOIN tasks done ON done.task_id = pair.by_task_id
    WHERE pair.is_done AND names_more(t.text_folded, done.text_folded)
), stands AS MATERIALIZED (
    SELECT pair.* FROM pair LEFT JOIN related USING (letter_id, by_letter_id)
    WHERE (is_sure OR related.letter_id IS NOT NULL) AND (NOT is_done OR (task_id, by_task_id) NOT IN (FROM part_done))
), settled AS MATERIALIZED (
    SELECT DISTINCT task_id FROM stands WHERE is_done
)
SELECT task_id, arg_min(by_task_id, {'is_open': NOT is_done, 'rank': by_rank}) AS by_task_id, bool_or(is_done OR is_same_day) AS is_same_day,
    any_value(progress) AS progress, any_value(note) AS note, any_value(concerns_us) AS concerns_us
FROM stands
-- What is done with stands for nothing that is not.
WHERE is_done OR by_task_id NOT IN (FROM settled)
GROUP BY task_id;
COMMENT ON MACRO TABLE repeated IS
    'Mentions that lists and counts leave out on a day (today), for another mention of the same task stands for them';

CREATE VIEW repeated AS SELECT * FROM repeated();
COMMENT ON VIEW repeated IS
    'Mentions that overdue, due_soon, standings and agency_load leave out today, for another one of the same task stands for them';
COMMENT ON COLUMN repeated.by_task_id IS
    'The mention that stands for it: one a person said is done, cancelled or replaced; else, with all its leads, of open ones the one with the office''s own day, or due first, of done ones the last';
COMMENT ON COLUMN repeated.is_same_day IS 'Whether it sets no other day, or is done with: one that does is in due_soon for itself';
COMMENT ON COLUMN repeated.progress IS 'How far a person said there that it is, which counts for what stands for it';
COMMENT ON COLUMN repeated.note IS 'The office''s note there, which likewise counts';
COMMENT ON COLUMN repeated.concerns_us IS 'Whether the mention left out does; what stands for it concerns us where it does';

CREATE MACRO counted_once(day := NULL) AS TABLE
WITH again AS MATERIALIZED (SELECT task_id, by_task_id, progress, note FROM repeated(day))
SELECT task_id, bool_or(is_repeated) AS is_repeated, max(mentions) AS more_mentions, any_value(progress) AS progress, any_value(note) AS note
FROM (
    SELECT task_id, true AS is_repeated, 0 AS mentions, NULL AS progress, NULL AS note FROM again
    UNION ALL
    SELECT by_task_id, false, count(*), any_value(progress), any_value(note) FROM again GROUP BY by_task_id
)
GROUP BY task_id;
COMMENT ON MACRO TABLE counted_once IS
    'Of a day (today): mentions that another one stands for (is_repeated), how many others a mention stands for (more_mentions), and what people said of those';

CREATE MACRO overdue(day := NULL) AS TABLE
SELECT coalesce(day::DATE, vietnam_today()) - due AS days_late, late.* REPLACE (coalesce(late.progress, once.progress) AS progress, coalesce(late.note, once.note) AS note),
    coalesce(once.more_mentions, 0) AS more_mentions
FROM (
    SELECT CASE WHEN deadline_kind = 'recurring' THEN turn.last_day ELSE coalesce(office_due_date, due_date) END AS due, task.*
    FROM tasks_on(day) task LEFT JOIN recurring_on(day) turn ON turn.task_id = task.task_id
) late
LEFT JOIN counted_once(day) once ON once.task_id = late.task_id
WHERE is_counted AND state = 'open' AND due < coalesce(day::DATE, vietnam_today()) AND once.is_repeated IS NOT TRUE
ORDER BY concerns_us = 'no', due, issued_date, ordinal;
COMMENT ON MACRO TABLE overdue IS
    'Counted tasks, each once, whose last day is past on a day, overdue(DATE ''2026-06-30''), and that nobody said are done';

CREATE VIEW overdue AS SELECT * FROM overdue();
COMMENT ON VIEW overdue IS 'Counted tasks, each once, whose last day is past, today being today in Vietnam. For another day: overdue(day)';
COMMENT ON COLUMN overdue.more_mentions IS 'How many other mentions it stands for: urged again, reported; all of them: chain(task_id)';
COMMENT ON COLUMN overdue.days_late IS 'Days since its last day';
COMMENT ON COLUMN overdue.due IS 'The day it was due: the office''s own, else the computed one; of a recurring duty its last occurrence';

CREATE MACRO due_soon(day := NULL, days := 30) AS TABLE
SELECT due - coalesce(day::DATE, vietnam_today()) AS days_left, *
FROM due_days(coalesce(day::DATE, vietnam_today()), coalesce(day::DATE, vietnam_today()) + days::INTEGER)
WHERE is_counted AND state_on(state, ended_on(done_known_on, state_date, state_at), day) = 'open'
    AND (day IS NULL OR known_since <= day::DATE)
    AND task_id NOT IN (SELECT task_id FROM repeated(day) WHERE is_same_day)
ORDER BY concerns_us = 'no', due, issued_date, ordinal;
COMMENT ON MACRO TABLE due_soon IS 'Counted tasks, each day of one once, due within some days (30) of a day (today): due_soon(DATE ''2026-06-01'', 14)';

CREATE VIEW due_soon AS SELECT * FROM due_soon();
COMMENT ON VIEW due_soon IS 'Counted tasks, each day of one once, due within 30 days, today being today in Vietnam. For others: due_soon(day, days)';
COMMENT ON COLUMN due_soon.days_left IS 'Days until its last day';
COMMENT ON COLUMN due_soon.due IS 'The day it is due: the office''s own, else the computed one; of a recurring duty one of its occurrences';

-- Where nobody says when, nor whether in time: what is said done before its last day was done in time.
CREATE MACRO how_done(done_in_time, said_in_time, known_in_time) AS
    CASE coalesce(done_in_time, said_in_time, nullif(known_in_time, false))
        WHEN true THEN 'done_in_time' WHEN false THEN 'done_late' ELSE 'done_day_unknown' END;
COMMENT ON MACRO how_done IS
    'The standing of a done task by its day, by what is said, and by the day on which it is known to be done: done_in_time, done_late or done_day_unknown';

CREATE MACRO standings(day := NULL) AS TABLE
SELECT CASE
        WHEN state = 'done' THEN CASE WHEN last_day IS NULL AND deadline_kind <> 'relative' THEN 'done_in_time'
            ELSE how_done(done_on <= last_day, in_time, done_known_on <= last_day) END
        WHEN last_day < coalesce(day::DATE, vietnam_today()) THEN 'not_done_late'
        WHEN last_day IS NULL AND deadline_kind = 'relative' THEN 'not_done_uncounted'
        WHEN last_day IS NULL AND (deadline_kind <> 'recurring' OR due_date IS NULL) THEN 'not_done_undated'
        ELSE 'not_done_in_time' END AS standing,
    coalesce(last_day, next_day) AS due, counted.* EXCLUDE (next_day) REPLACE (coalesce(counted.progress, once.progress) AS progress, coalesce(counted.note, once.note) AS note),
    coalesce(once.more_mentions, 0) AS more_mentions
FROM (
    SELECT CASE WHEN deadline_kind = 'recurring' THEN turn.last_day ELSE coalesce(office_due_date, due_date) END AS last_day,
        turn.next_day, task.*
    FROM tasks_on(day) task LEFT JOIN recurring_on(day) turn ON turn.task_id = task.task_id
    WHERE is_counted AND state NOT IN ('cancelled', 'superseded')
) counted
LEFT JOIN counted_once(day) once ON once.task_id = counted.task_id
WHERE once.is_repeated IS NOT TRUE;
COMMENT ON MACRO TABLE standings IS 'The four states offices report, what has no day to be late by, or none that could be computed, and what was done nobody says when, as of a day (today); each task once';

CREATE VIEW standings AS SELECT * FROM standings();
COMMENT ON VIEW standings IS 'Counted tasks, each once, with the state offices report of them, today being today in Vietnam. For another day: standings(day)';
COMMENT ON COLUMN standings.standing IS
    'done_in_time (also what had no day), done_late, done_day_unknown: done, nobody says when, nor whether in time; not_done_in_time, not_done_late, not_done_uncounted: a deadline is set whose day could not be computed (from an arrival nobody entered, from an event), or not_done_undated: none is set';
COMMENT ON COLUMN standings.more_mentions IS 'How many other mentions it stands for: urged again, reported; all of them: chain(task_id)';
COMMENT ON COLUMN standings.last_day IS 'The day that decides it';
COMMENT ON COLUMN standings.due IS 'The day that decides it; of a recurring duty in time, the day it is due next';

CREATE VIEW agency_load AS
SELECT agency, count(*) AS tasks, count(due) AS dated,
    count(*) FILTER (standing = 'not_done_late') AS past_due, count(*) FILTER (state = 'done') AS done,
    min(due) FILTER (standing = 'not_done_in_time') AS first_due, most_concerned(concerns_us) AS concerns_us
FROM (SELECT unnest(lead_bodies) AS agency, * FROM standings())
GROUP BY agency ORDER BY tasks DESC, agency;
COMMENT ON VIEW agency_load IS 'How much each body leads; bodies of two provinces are two, whatever their names';
COMMENT ON COLUMN agency_load.agency IS 'The leading body, as in lead_bodies';
COMMENT ON COLUMN agency_load.tasks IS 'Assigned tasks it leads, each once';
COMMENT ON COLUMN agency_load.dated IS 'Of them with a due day';
COMMENT ON COLUMN agency_load.past_due IS 'Of them past their last day and not done';
COMMENT ON COLUMN agency_load.done IS 'Of them done';
COMMENT ON COLUMN agency_load.first_due IS 'The next due day';
COMMENT ON COLUMN agency_load.concerns_us IS 'Of them the one that concerns us most: named, collective, condition, excluded or no';

-- The same task in several letters

CREATE VIEW links AS
WITH mention AS MATERIALIZED (
    SELECT t.task_id, said(h.concerns_us, t.concerns_us) AS concerns_us,
        (coalesce(l.issued_date, vietnam_day(d.received_at)), d.received_at, t.document_sha256, t.ordinal) AS place
    FROM (SELECT a AS task_id FROM standing_pairs UNION SELECT b FROM standing_pairs) linked
    JOIN tasks t USING (task_id) JOIN documents d USING (document_sha256) LEFT JOIN letters l ON l.letter_id = t.letter_id
    LEFT JOIN human_values h ON h.task_id = t.task_id
)
SELECT CASE WHEN one.place <= other.place THEN pair.a ELSE pair.b END AS earlier_id,
    CASE WHEN one.place <= other.place THEN pair.b ELSE pair.a END AS later_id,
    pair.level, pair.confidence, pair.reasons, pair.judged_by, more_concerned(one.concerns_us, other.concerns_us) AS concerns_us
FROM standing_pairs pair JOIN mention one ON one.task_id = pair.a JOIN mention other ON other.task_id = pair.b;
COMMENT ON VIEW links IS 'The same task in two letters: what the machine sees, less what people refused, plus what they linked';
COMMENT ON COLUMN links.earlier_id IS 'The mention in the earlier letter';
COMMENT ON COLUMN links.later_id IS 'The mention in the later letter';
COMMENT ON COLUMN links.level IS 'confirmed by a person, exact, likely, or possible (only offered)';
COMMENT ON COLUMN links.confidence IS 'How sure the machine is that both are one task; null: a person said so';
COMMENT ON COLUMN links.reasons IS 'What speaks for and against it';
COMMENT ON COLUMN links.judged_by IS 'Who confirmed it';
COMMENT ON COLUMN links.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';

CREATE VIEW later_mentions AS
WITH mention AS MATERIALIZED (FROM linked_mentions)
SELECT earlier.task_id AS earlier_id, later.task_id AS later_id, earlier.letter_id AS earlier_letter_id, later.letter_id AS later_letter_id,
    earlier.whole, earlier.stated_due AS date_before, later.stated_due AS date_after, earlier.due_date AS due_now,
    earlier.reported AS reported_before, later.reported, later.issued_date, pair.level,
    more_concerned(earlier.concerns_us, later.concerns_us) AS concerns_us, earlier.place AS earlier_place, later.place AS later_place,
    earlier.is_counted AND NOT earlier.is_report AS assigned_before, later.is_report, later.is_counted,
    is_whole(pair.reasons, pair.level) AS is_whole,
    coalesce(is_whole(pair.reasons, pair.level) AND earlier.is_counted AND later.is_counted AND later.issued_date > earlier.issued_date
        AND NOT earlier.is_recurring AND NOT later.is_recurring AND earlier.stated_due IS NOT NULL AND later.stated_due IS NOT NULL, false)
        AS days_compare,
    (list_contains(pair.reasons, 'other_leads')
            OR (pair.level = 'confirmed' AND (len(pair.reasons) = 0 OR list_contains(pair.reasons, 'lead_cooperates'))))
        AND len(earlier.lead) > 0 AND len(later.lead) > 0 AND NOT list_has_any(earlier.lead, later.lead)
        AND is_whole(pair.reasons, pair.level) AND earlier.is_counted AND later.is_counted AND NOT later.is_report
        AND coalesce(later.issued_date > earlier.issued_date, false) AS has_other_leads,
    pair.level = 'confirmed' OR list_contains(pair.reasons, 'names_the_lead') AS names_the_lead,
    pair.level IN ('confirmed', 'exact') OR list_has_any(pair.reasons, ['names_the_letter', 'letter_cites_it', 'same_source'])
        OR (min(earlier.task_id) OVER both_letters <> max(earlier.task_id) OVER both_letters
            AND min(later.task_id) OVER both_letters <> max(later.task_id) OVER both_letters) AS is_related
FROM one_task() pair JOIN mention earlier USING (task_id) JOIN mention later ON later.task_id = pair.other_id
WHERE earlier.place < later.place
WINDOW both_letters AS (PARTITION BY earlier.letter_id, later.letter_id);
COMMENT ON VIEW later_mentions IS 'Two mentions of one task that stand in current_tasks, in order, and what the later one says of it';
COMMENT ON COLUMN later_mentions.earlier_id IS 'The mention in the earlier letter';
COMMENT ON COLUMN later_mentions.later_id IS 'The mention in the later letter';
COMMENT ON COLUMN later_mentions.earlier_letter_id IS 'The earlier letter';
COMMENT ON COLUMN later_mentions.later_letter_id IS 'The later letter';
COMMENT ON COLUMN later_mentions.date_before IS 'The due day of the earlier mention';
COMMENT ON COLUMN later_mentions.date_after IS 'The due day of the later mention';
COMMENT ON COLUMN later_mentions.due_now IS 'The day that holds for the earlier mention';
COMMENT ON COLUMN later_mentions.reported_before IS 'What the earlier letter reports of the task; null: nothing';
COMMENT ON COLUMN later_mentions.reported IS 'What the later letter reports of the task; null: nothing';
COMMENT ON COLUMN later_mentions.issued_date IS 'Day of issue of the later letter';
COMMENT ON COLUMN later_mentions.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';
COMMENT ON COLUMN later_mentions.earlier_place IS 'Where the earlier mention stands, to order by: the letter''s day, when it came, its file, the order in it';
COMMENT ON COLUMN later_mentions.later_place IS 'Where the later mention stands, likewise';
COMMENT ON COLUMN later_mentions.assigned_before IS 'Whether the earlier mention assigns the task: it is work to be done, and no report tells it';
COMMENT ON COLUMN later_mentions.whole IS 'The task both are mentions of, as in chains, if the link is one of the whole';
COMMENT ON COLUMN later_mentions.is_whole IS 'Whether the link is one of the whole task with the whole, for all that is known';
COMMENT ON COLUMN later_mentions.days_compare IS
    'Whether their days can be compared: the link is one of the whole, both are dated work to be done, neither recurs, and the later letter is dated later';
COMMENT ON COLUMN later_mentions.has_other_leads IS
    'Whether the later letter assigns the whole task to other bodies: none of the earlier leads is left';
COMMENT ON COLUMN later_mentions.names_the_lead IS
    'Whether one of the two names the body that leads the other, or a person confirmed the link';
COMMENT ON COLUMN later_mentions.is_related IS
    'Whether more than this link joins their letters: one names the other, or they share another task; or the wording is the same, or a person confirmed it';
COMMENT ON COLUMN later_mentions.is_report IS 'Whether the later mention is told in a report';
COMMENT ON COLUMN later_mentions.is_counted IS 'Whether the later mention is work to be done';

-- For each id apart (LATERAL), so that no more is read of current_tasks than the chain.
CREATE MACRO chain(task) AS TABLE
SELECT row_number() OVER (ORDER BY coalesce(t.issued_date, d.received_at::DATE), d.received_at, t.ordinal) AS step, t.*
FROM (
    SELECT task AS mention
    UNION
    SELECT task_id FROM chains WHERE chain = (SELECT chain FROM chains WHERE task_id = task)
        AND task_id NOT IN (SELECT other_id FROM refused_pairs() WHERE task_id = task)
) found, LATERAL (SELECT * FROM current_tasks WHERE task_id = found.mention) t JOIN documents d USING (document_sha256)
ORDER BY step;
COMMENT ON MACRO TABLE chain IS
    'All mentions of one task, oldest first: where it was assigned, urged and reported, with the deadlines then and now; without those that people said are another one';

CREATE VIEW deadline_changes AS
WITH said AS MATERIALIZED (
    FROM later_mentions WHERE days_compare AND is_related
), repeated_old AS (
    -- A report mostly tells the days that were set before: it moves nothing, nor does the next letter move its day.
    SELECT DISTINCT later_id FROM said WHERE is_report AND date_after <= date_before
), before AS (
    -- What a letter moves is the day of the last letter before it; who repeats that day has not moved it again. A letter that
    -- sets several days for it splits it: none of them is the whole's.
    FROM said WHERE later_id NOT IN (FROM repeated_old) AND earlier_id NOT IN (FROM repeated_old)
    WINDOW in_letter AS (PARTITION BY earlier_id, later_letter_id)
    QUALIFY rank() OVER (PARTITION BY later_id ORDER BY earlier_place[1] DESC, earlier_place[2] DESC, earlier_place[3] DESC) = 1
        AND min(date_after) OVER in_letter = max(date_after) OVER in_letter
), once AS (
    -- Each move of a task once, by the first letter that tells it.
    FROM before WHERE date_before <> date_after
    QUALIFY row_number() OVER (PARTITION BY whole, date_after ORDER BY later_place, earlier_place DESC) = 1
), moved AS (
    SELECT * REPLACE (coalesce(lag(date_after) OVER (PARTITION BY earlier_id ORDER BY later_place), date_before) AS date_before) FROM once
)
SELECT CASE WHEN moved.is_report THEN 'report' ELSE 'letter' END AS changed_by, moved.earlier_id AS task_id,
    moved.later_id AS later_task_id, nullif(concat_ws('/', l.code_number, l.code_notation), '') AS by_letter, moved.later_letter_id AS by_letter_id,
    said(h.text, t.text) AS text, moved.date_before, moved.date_after, moved.issued_date::TIMESTAMP AS changed_at, l.organ_name AS who,
    l.subject AS why, moved.concerns_us
FROM moved
JOIN tasks t ON t.task_id = moved.earlier_id
LEFT JOIN human_values h ON h.task_id = moved.earlier_id
LEFT JOIN letters l ON l.letter_id = moved.later_letter_id
UNION ALL
-- A day that a person took from a letter which does not tell the task again: no later mention says it.
SELECT 'letter', t.task_id, NULL, taken.source, moved.letter_id, said(h.text, t.text), said_due(h.deadline, t.due_date), moved.due_date,
    coalesce(taken.dated::TIMESTAMP, taken.recorded_at), coalesce(l.organ_name, taken.source), l.subject, said(h.concerns_us, t.concerns_us)
FROM moved_deadlines moved
JOIN task_states taken ON taken.seq = moved.seq AND taken.task_id = moved.task_id
JOIN tasks t ON t.task_id = moved.task_id
LEFT JOIN human_values h ON h.task_id = t.task_id
LEFT JOIN letters l ON l.letter_id = moved.letter_id
WHERE moved.verdict = 'confirmed' AND taken.because = 'letter_extended'
UNION ALL
SELECT 'person', c.task_id, NULL, NULL, NULL, t.text,
    CASE WHEN c.field = 'deadline' THEN c.seen ->> '$.date' ELSE c.seen ->> '$' END::DATE,
    CASE WHEN c.field = 'deadline' THEN c.value ->> '$.date' ELSE c.value ->> '$' END::DATE,
    c.recorded_at, c.who, c.why, said(h.concerns_us, t.concerns_us)
FROM corrections c JOIN tasks t USING (task_id) LEFT JOIN human_values h USING (task_id)
WHERE c.field IN ('deadline', 'office_due_date') AND c.undoes IS NULL
ORDER BY changed_at;
COMMENT ON VIEW deadline_changes IS 'Deadlines changed, a row a move: by a later letter that speaks of the same task, or by a person';
COMMENT ON COLUMN deadline_changes.changed_by IS
    'letter: one that sets the day; report: one that tells it, where the letter that set it is not here; person: on the review page';
COMMENT ON COLUMN deadline_changes.task_id IS 'The mention whose day was moved';
COMMENT ON COLUMN deadline_changes.by_letter IS 'Number and symbol of the later letter';
COMMENT ON COLUMN deadline_changes.by_letter_id IS 'The later letter';
COMMENT ON COLUMN deadline_changes.later_task_id IS 'The mention in the later letter';
COMMENT ON COLUMN deadline_changes.date_before IS 'The day before';
COMMENT ON COLUMN deadline_changes.date_after IS 'The day after';
COMMENT ON COLUMN deadline_changes.changed_at IS 'Day of the later letter, or when the person said so';
COMMENT ON COLUMN deadline_changes.who IS 'The issuer of the later letter, or the person';
COMMENT ON COLUMN deadline_changes.why IS 'The subject of the later letter, or what the person said';

-- Which letter is meant. Symbols as `KH-UBND` and `SYT-NVY` are those of many bodies: the same number, and even the same
-- day, of another province's letter is another letter. What cannot be told apart is nothing.

CREATE MACRO plain_body(words) AS replace(replace(regexp_replace(fold(words), '\btp\.? ?', 'thanh pho ', 'g'), 'ubnd', 'uy ban nhan dan'), 'hdnd', 'hoi dong nhan dan');
COMMENT ON MACRO plain_body IS 'Words that name a body, folded, with what is mostly abbreviated in them written out';

CREATE MACRO names_one_body(notation) AS regexp_matches(upper(notation), '(^|[-/])(CP|TTG|TW|QH[0-9]+|UBTVQH[0-9]*)($|[-/])')
    OR coalesce(list_has_any(string_split_regex(upper(notation), '[-/]'),
        (SELECT list(DISTINCT upper(symbol)) FROM (SELECT unnest(symbols) AS symbol FROM agencies WHERE scope = 'trung ương'))), false);
COMMENT ON MACRO names_one_body IS 'Whether the symbol of a letter names a central body: KH-BYT, not KH-UBND or KH-SYT';

CREATE MACRO issuer_of(organ_name, organ_parent, place) AS struct_pack(
    home := coalesce(
        nullif(trim(regexp_extract(plain_body(concat_ws(' ; ', organ_parent, organ_name)), '\b(?:tinh|thanh pho) ([a-z ]+)', 1)), ''),
        CASE WHEN starts_with(fold(organ_name), 'so ') THEN regexp_replace(plain_body(place), '^(tinh|thanh pho) ', '') END),
    organ := plain_body(organ_name),
    letterhead := plain_body(concat_ws(' ; ', organ_parent, organ_name, place)));
COMMENT ON MACRO issuer_of IS
    'Who issued a letter, folded, as its letterhead tells it: the province (home; null: central, or not told), the body, and all the words';

CREATE MACRO place_meant(words) AS nullif(trim(regexp_extract(
    plain_body(words), ' cua .*\b(?:tinh|thanh pho|xa|phuong|dac khu|huyen) ([a-z ]+?)(?: ngay .*| nam [0-9].*)?$', 1)), '');
COMMENT ON MACRO place_meant IS 'The place that words name as that of a letter''s issuer, folded: 15/KH-UBND của UBND tỉnh Gia Lai';

CREATE MACRO may_mean(words, notation, day, writer, held_day, held) AS coalesce(day = held_day, true) AND (
    names_one_body(notation)
    OR (CASE WHEN place_meant(words) IS NOT NULL THEN contains(held.letterhead, place_meant(words))
            ELSE coalesce(writer.home = held.home, nullif(writer.organ = held.organ, false), day = held_day, false) END
        AND contains(held.letterhead, regexp_extract(plain_body(words), ' cua (uy ban nhan dan (?:tinh|thanh pho|xa|phuong|dac khu|huyen)\b)', 1))));
COMMENT ON MACRO may_mean IS
    'Whether words of a writer that name a letter may mean a held one of the same number and symbol: day and issuer''s place are the same, as far as they are said';

CREATE MACRO letters_related() AS TABLE
WITH named AS MATERIALIZED (
    SELECT DISTINCT r.letter_id, r.number, r.notation, r.same_code, r.target, issuer_of(l.organ_name, l.organ_parent, l.place) AS writer
    FROM letter_relations r LEFT JOIN letters l USING (letter_id)
    WHERE r.target_letter_id IS NULL AND r.same_code IS NOT NULL
), found AS (
    SELECT named.letter_id, named.number, named.notation, named.target, any_value(held.letter_id) AS target_letter_id
    FROM named JOIN letters held USING (same_code)
    WHERE held.letter_id <> named.letter_id
        AND may_mean(named.target, named.notation, day_meant(named.target), named.writer, held.issued_date,
            issuer_of(held.organ_name, held.organ_parent, held.place))
    GROUP BY ALL HAVING count(*) = 1
)
SELECT r.letter_id, r.kind, r.target, coalesce(r.target_letter_id, found.target_letter_id) AS target_letter_id, r.document_sha256,
    r.moved_to, r.moved_from, r.about, r.words, r.page
FROM letter_relations r
LEFT JOIN found ON found.letter_id = r.letter_id AND found.number = r.number AND found.notation = r.notation AND found.target = r.target;
COMMENT ON MACRO TABLE letters_related IS 'related_letters without concerns_us, for what need not ask all tasks for it';

CREATE VIEW related_letters AS
SELECT related.*, more_concerned(letter_concern(related.letter_id), letter_concern(related.target_letter_id)) AS concerns_us
FROM letters_related() related;
COMMENT ON VIEW related_letters IS 'What letters are or do to others, the other one found as citations_of.cited_letter_id is';
COMMENT ON COLUMN related_letters.concerns_us IS
    'Of the tasks of both letters the one that concerns us most: named, collective, condition, excluded or no';
COMMENT ON COLUMN related_letters.kind IS 'What it is or does to the other: annex_of, same_as, replies_to, replaces, corrects, extends, withdraws';

CREATE MACRO shared_words(about, folded) AS CASE WHEN about IS NULL THEN 1.0 ELSE list_avg(list_transform(
    string_split_regex(trim(fold(about)), '[^a-z0-9]+'), lambda word: contains(folded, word)::INTEGER::DOUBLE)) END;
COMMENT ON MACRO shared_words IS 'Which share of some words a folded text holds; of no words all';

CREATE VIEW proposed_states AS
WITH spoken AS MATERIALIZED (
    FROM later_mentions
), handed_over AS MATERIALIZED (
    -- One of the mentions of a task names the new body, or its old one is named: then it is of all of them.
    FROM spoken WHERE has_other_leads
    QUALIFY bool_or(names_the_lead) OVER (PARTITION BY whole, later_id)
), against AS MATERIALIZED (
    -- Who says that it is done may mean a part: another mention of it in his letter, or in a later one, says that it is not.
    SELECT whole, max(issued_date) FILTER (is_counted AND NOT is_report) AS ordered_on,
        greatest(max(issued_date) FILTER (reported LIKE 'not_done%'), max(earlier_place[1]) FILTER (reported_before LIKE 'not_done%'))
            AS not_done_on
    FROM spoken WHERE is_whole GROUP BY whole
), said_done AS (
    SELECT earlier_id AS task_id, later_id AS by_task_id, later_letter_id AS by_letter_id, issued_date AS by_date,
        spoken.concerns_us
    FROM spoken JOIN against USING (whole) JOIN tasks t ON t.task_id = earlier_id JOIN tasks done ON done.task_id = later_id
    WHERE spoken.reported LIKE 'done%' AND is_whole AND NOT names_more(t.text_folded, done.text_folded)
        AND coalesce(issued_date > not_done_on, true) AND coalesce(issued_date >= ordered_on, true)
)
SELECT p.task_id, p.proposed, p.because, p.by_task_id, coalesce(p.by_letter_id, said.letter_id) AS by_letter_id,
    coalesce(nullif(concat_ws('/', l.code_number, l.code_notation), ''), d.name, said.source, said.who) AS by_letter, l.organ_name AS by_organ,
    coalesce(said.dated, p.by_date) AS by_date,
    coalesce(said.document_sha256, m.document_sha256, l.document_sha256) AS by_document_sha256,
    CASE WHEN said.document_sha256 IS NULL THEN coalesce(m.page, p.page) ELSE said.page END AS by_page,
    coalesce(m.text, p.words) AS by_words, p.date_before, p.date_after,
    more_concerned(p.concerns_us, said(told.concerns_us, m.concerns_us)) AS concerns_us
FROM (
    SELECT task_id, 'done' AS proposed, 'reported_done' AS because, by_task_id, by_letter_id, by_date, NULL::BIGINT AS said_seq,
        NULL::DATE AS date_before, NULL::DATE AS date_after, NULL::VARCHAR AS words, NULL::INTEGER AS page, concerns_us
    FROM said_done
    UNION ALL
    -- The row of a report that says so is a mention of the task, too.
    SELECT task_id, 'done', 'reported_done', task_id, letter_id, issued_date, NULL, NULL, NULL, NULL, NULL, concerns_us
    FROM current_tasks WHERE reported LIKE 'done%'
    UNION ALL
    -- By the first letter that sets the new day; those after it only repeat it. The day of whom it was given to is not that of
    -- who had it, though a report tells it.
    (SELECT earlier_id, 'new_deadline', 'deadline_extended', later_id, later_letter_id, issued_date, NULL, due_now, date_after, NULL, NULL,
        concerns_us
    FROM spoken WHERE days_compare AND date_after > due_now AND later_letter_id <> earlier_letter_id
        AND NOT ((has_other_leads OR is_report) AND earlier_id IN (SELECT earlier_id FROM handed_over))
    QUALIFY row_number() OVER (PARTITION BY earlier_id, date_after ORDER BY issued_date NULLS LAST, later_id) = 1)
    UNION ALL
    -- Who is told to do it instead has it from then on, by the day that letter sets; who had it has it no more.
    SELECT earlier_id, 'superseded', 'handed_over', later_id, later_letter_id, issued_date, NULL, NULL, NULL, NULL, NULL, concerns_us
    FROM handed_over
    UNION ALL
    -- What a person said of one mention speaks for the others, unless it is less than they are.
    SELECT mate.task_id, s.state, CASE s.state WHEN 'done' THEN 'same_task_done' ELSE 'same_task_cancelled' END,
        s.task_id, NULL, ended_on(s.done_known_on, s.state_date, s.state_at), s.state_seq, NULL, NULL, NULL, NULL, said(h.concerns_us, t.concerns_us)
    FROM standing_states s JOIN one_task() mate ON mate.other_id = s.task_id
    JOIN tasks t ON t.task_id = mate.task_id JOIN tasks done ON done.task_id = s.task_id LEFT JOIN human_values h ON h.task_id = mate.task_id
    LEFT JOIN chains ON chains.task_id = s.task_id LEFT JOIN against USING (whole)
    WHERE s.state IN ('done', 'cancelled') AND is_whole(mate.reasons, mate.level) AND NOT names_more(t.text_folded, done.text_folded)
        AND coalesce(not_done_on < told_on(s.done_known_on, s.state_date, s.state_at), true)
    UNION ALL
    SELECT t.task_id, CASE r.kind WHEN 'withdraws' THEN 'cancelled' ELSE 'superseded' END,
        CASE r.kind WHEN 'withdraws' THEN 'letter_withdrawn' WHEN 'corrects' THEN 'letter_corrected'
            ELSE 'letter_replaced' END,
        NULL, r.letter_id, l.issued_date, NULL, NULL, NULL, coalesce(r.words, r.target), r.page, said(h.concerns_us, t.concerns_us)
    FROM letters_related() r
    JOIN tasks t ON t.letter_id = r.target_letter_id AND t.status = 'current'
    JOIN letters l ON l.letter_id = r.letter_id
    LEFT JOIN human_values h ON h.task_id = t.task_id
    WHERE r.kind IN ('replaces', 'corrects', 'withdraws')
    UNION ALL
    -- A letter may move the days of another without telling its tasks again: those it names, by their day or in words, or all.
    (SELECT t.task_id, 'new_deadline', 'letter_extended', NULL, r.letter_id, l.issued_date, NULL,
        in_force(said_due(h.deadline, t.due_date), moved.due_date, t.deadline_kind) AS date_before, r.moved_to, r.words, r.page,
        said(h.concerns_us, t.concerns_us)
    FROM letters_related() r
    JOIN letters l ON l.letter_id = r.letter_id
    JOIN tasks t ON t.letter_id = r.target_letter_id
    JOIN documents d ON d.document_sha256 = t.document_sha256
    LEFT JOIN human_values h ON h.task_id = t.task_id
    LEFT JOIN moved_deadlines moved ON moved.task_id = t.task_id AND moved.verdict = 'confirmed' AND moved.is_last
    WHERE r.kind = 'extends' AND d.is_representative AND coalesce(h.review ->> '$', 'open') <> 'rejected'
        AND said_kind(h.deadline, t.deadline_kind) <> 'recurring' AND (t.status <> 'orphan' OR h.review_seen = 'orphan')
        AND r.moved_to > in_force(said_due(h.deadline, t.due_date), moved.due_date, t.deadline_kind)
    WINDOW said_so AS (PARTITION BY r.letter_id, t.letter_id, r.moved_to, r.about)
    QUALIFY (r.moved_from IS NULL OR said_due(h.deadline, t.due_date) = r.moved_from
            OR NOT bool_or(said_due(h.deadline, t.due_date) = r.moved_from) OVER said_so)
        AND (shared_words(r.about, t.text_folded) >= 0.7 OR max(shared_words(r.about, t.text_folded)) OVER said_so < 0.7))
) p
LEFT JOIN tasks m ON m.task_id = p.by_task_id
LEFT JOIN human_values told ON told.task_id = p.by_task_id
LEFT JOIN task_states said ON said.seq = p.said_seq AND said.task_id = p.by_task_id
LEFT JOIN letters l ON l.letter_id = coalesce(p.by_letter_id, said.letter_id)
LEFT JOIN documents d ON d.document_sha256 = l.document_sha256
LEFT JOIN standing_states s ON s.task_id = p.task_id
LEFT JOIN moved_deadlines refused
    ON refused.task_id = p.task_id AND refused.due_date = p.date_after AND refused.verdict = 'refused'
WHERE (s.state IS NULL OR (s.state = 'open' AND p.proposed = 'new_deadline')) AND refused.task_id IS NULL
-- What speaks of the task itself goes before what moves the days of its whole letter.
QUALIFY row_number() OVER (
    PARTITION BY p.task_id ORDER BY p.because = 'letter_extended', p.by_date DESC NULLS LAST, p.proposed, p.by_task_id) = 1;
COMMENT ON VIEW proposed_states IS
    'States that later letters, or what people said of another mention, speak for, for a person to confirm; never of a task whose state a person has set, but for new days of one that is open';
COMMENT ON COLUMN proposed_states.concerns_us IS
    'Of both tasks the one that concerns us more: named, collective, condition, excluded or no';
COMMENT ON COLUMN proposed_states.proposed IS 'done, cancelled, superseded, or new_deadline: the task is as it is, its last day another';
COMMENT ON COLUMN proposed_states.date_before IS 'Of a new deadline: the last day that holds until it is taken';
COMMENT ON COLUMN proposed_states.date_after IS 'The new last day';
COMMENT ON COLUMN proposed_states.because IS
    'reported_done, deadline_extended, letter_extended, letter_replaced, letter_corrected, letter_withdrawn, handed_over (to other leads), same_task_done, same_task_cancelled';
COMMENT ON COLUMN proposed_states.by_task_id IS 'The other mention of the task that says so';
COMMENT ON COLUMN proposed_states.by_letter_id IS 'The later letter; null: a person said so of the other mention, from no letter';
COMMENT ON COLUMN proposed_states.by_letter IS 'Its number and symbol, or the name of its file; who said so of the other mention';
COMMENT ON COLUMN proposed_states.by_organ IS 'The issuer of that letter';
COMMENT ON COLUMN proposed_states.by_document_sha256 IS 'The file that says so';
COMMENT ON COLUMN proposed_states.by_page IS 'The page that says so';
COMMENT ON COLUMN proposed_states.by_words IS 'The words that say so';
COMMENT ON COLUMN proposed_states.by_date IS 'The letter''s day of issue; the day by which the other mention is known to be done';

-- Quality, citations

CREATE VIEW data_quality AS
SELECT d.name AS document, d.document_sha256, d.status, d.page_count, d.unread_pages, l.unknown,
    count(t.task_id) AS tasks, count(t.task_id) FILTER (t.confidence < 0.5) AS doubtful,
    count(t.task_id) FILTER (t.status = 'orphan') AS orphans, avg(t.confidence) AS mean_confidence,
    most_concerned(CASE WHEN coalesce(h.review ->> '$', 'open') <> 'rejected' THEN said(h.concerns_us, t.concerns_us) END) AS concerns_us
FROM documents d LEFT JOIN letters l USING (letter_id) LEFT JOIN tasks t ON t.document_sha256 = d.document_sha256
LEFT JOIN human_values h USING (task_id)
GROUP BY ALL ORDER BY doubtful DESC, document;
COMMENT ON VIEW data_quality IS 'How well each document was read';
COMMENT ON COLUMN data_quality.document IS 'File name';
COMMENT ON COLUMN data_quality.status IS 'received, read, extracted or failed';
COMMENT ON COLUMN data_quality.tasks IS 'Tasks found in it';
COMMENT ON COLUMN data_quality.doubtful IS 'Of them less likely right than wrong';
COMMENT ON COLUMN data_quality.orphans IS 'Tasks no longer found, kept for what people said of them';
COMMENT ON COLUMN data_quality.mean_confidence IS 'Mean probability that a task is right';
COMMENT ON COLUMN data_quality.concerns_us IS 'Of its tasks the one that concerns us most: named, collective, condition, excluded or no';

-- The Party writes `57-NQ/TW`, the state `71/NQ-CP`; a letter without a number has none.
CREATE MACRO letter_code(number, notation) AS CASE
    WHEN number IS NULL OR notation IS NULL THEN coalesce(number, notation)
    WHEN regexp_matches(notation, '^(NQ|KL|CT|QĐ|QC|QyĐ|TB|KH|BC|CV|HD|TTr|CTr|ĐA|BB|GM|TT)/[A-ZĐ]') THEN number || '-' || notation
    ELSE number || '/' || notation END;
COMMENT ON MACRO letter_code IS 'Number and symbol of a letter as they are written: 71/NQ-CP, 57-NQ/TW';

CREATE VIEW citations_of AS
WITH meant AS (
    SELECT c.document_sha256, c.ordinal, any_value(held.letter_id) AS letter_id
    FROM citations c JOIN letters held ON held.same_code = c.same_code
    JOIN documents d ON d.document_sha256 = c.document_sha256 LEFT JOIN letters l ON l.letter_id = d.letter_id
    WHERE may_mean(c.text, c.notation, c.issued_on, issuer_of(l.organ_name, l.organ_parent, l.place), held.issued_date,
        issuer_of(held.organ_name, held.organ_parent, held.place))
    GROUP BY ALL HAVING count(*) = 1
)
SELECT c.number, c.notation, c.doc_type, c.text, d.name AS document, d.document_sha256, l.letter_id, l.code_number,
    l.code_notation, l.issued_date, l.organ_name, letter_code(c.number, c.notation) AS cited, c.issued_on,
    meant.letter_id AS cited_letter_id,
    coalesce(concern.concerns_us, 'no') AS concerns_us
FROM citations c
JOIN documents d USING (document_sha256)
LEFT JOIN letters l USING (letter_id)
LEFT JOIN document_concerns concern USING (document_sha256)
LEFT JOIN meant ON meant.document_sha256 = c.document_sha256 AND meant.ordinal = c.ordinal
-- A letter's own number is no reference to it.
WHERE (c.same_code = l.same_code
    AND coalesce(c.issued_on = l.issued_date, true)) IS NOT TRUE
ORDER BY c.notation, c.number;
COMMENT ON VIEW citations_of IS 'Which letters refer to a document';
COMMENT ON COLUMN citations_of.cited IS 'Number and symbol of the document referred to, as they are written';
COMMENT ON COLUMN citations_of.issued_on IS 'Its date, where the reference states it';
COMMENT ON COLUMN citations_of.cited_letter_id IS
    'That document, where it is here: the only letter of its number and symbol, of the day and the issuer''s place that the reference says, or of the same province where many bodies have that symbol; null: not here, or not to be told from others';
COMMENT ON COLUMN citations_of.text IS 'The reference as written';
COMMENT ON COLUMN citations_of.doc_type IS 'Type of the document referred to';
COMMENT ON COLUMN citations_of.document IS 'File name of the letter that refers to it';
COMMENT ON COLUMN citations_of.concerns_us IS 'Of the tasks of the letter that refers to it the one that concerns us most';

CREATE MACRO names_letter(words, number, notation) AS regexp_matches(
    fold(words), '(^|[^0-9])0*' || ltrim(number, '0') || '\s*[-/]\s*' || regexp_replace(fold(notation), '[-/ ]+', '\\s*[-/]\\s*', 'g') || '($|[^a-z0-9])');
COMMENT ON MACRO names_letter IS 'Whether words name a letter by its number and symbol, however they are spaced; whoever issued it, and when';

-- Numbers are given anew every year, and symbols are those of many bodies: two letters are never taken for one.
CREATE MACRO tasks_from(number, notation, issuer := NULL, in_year := NULL) AS TABLE
WITH again AS MATERIALIZED (SELECT task_id, by_task_id FROM repeated()),
held AS MATERIALIZED (
    SELECT letter_id, issued_date, year(issued_date) AS issued_in, organ_name, issuer_of(organ_name, organ_parent, place) AS written_by
    FROM letters
    WHERE letters.same_code = same_code(number, notation)
        AND (in_year IS NULL OR year(issued_date) = in_year)
        AND (issuer IS NULL OR contains(issuer_of(organ_name, organ_parent, place).letterhead, plain_body(issuer)))
), named AS MATERIALIZED (
    SELECT t.task_id, t.source_doc, day_meant(t.source_doc) AS day, issuer_of(l.organ_name, l.organ_parent, l.place) AS writer,
        CASE WHEN NOT names_one_body(notation) THEN coalesce(place_meant(t.source_doc), issuer_of(l.organ_name, l.organ_parent, l.place).home) END AS place
    FROM current_tasks t LEFT JOIN letters l USING (letter_id)
    WHERE t.is_counted AND names_letter(t.source_doc, number, notation)
), found AS (
    SELECT t.task_id, held.organ_name, held.issued_in
    FROM held JOIN current_tasks t USING (letter_id) WHERE t.is_counted
    UNION
    SELECT named.task_id, held.organ_name, held.issued_in
    FROM named JOIN held ON may_mean(named.source_doc, notation, named.day, named.writer, held.issued_date, held.written_by)
    UNION
    -- A letter that is not here is known by what others say of it.
    SELECT task_id, place, year(day) FROM named
    WHERE NOT EXISTS (FROM held) AND coalesce(year(day) = in_year, true)
        AND (issuer IS NULL OR place IS NULL OR contains(plain_body(issuer), place))
), told AS MATERIALIZED (
    SELECT CASE WHEN count(DISTINCT fold(organ_name)) > 1 OR count(DISTINCT issued_in) > 1
        THEN error(format('Several letters are {}: {}. Say whose: tasks_from(''{}'', ''{}'', issuer := ''...'', in_year := ...)',
            letter_code(number, notation), string_agg(DISTINCT concat_ws(' ', organ_name, issued_in), '; ' ORDER BY concat_ws(' ', organ_name, issued_in)), number, notation))
        ELSE 1 END AS letters
    FROM found
)
SELECT DISTINCT coalesce(twice.by_task_id, once.by_task_id, found.task_id) AS task_id
FROM found
CROSS JOIN told
LEFT JOIN again once ON once.task_id = found.task_id
LEFT JOIN again twice ON twice.task_id = once.by_task_id
WHERE told.letters = 1;
COMMENT ON MACRO TABLE tasks_from IS
    'The tasks that came from a letter, tasks_from(''71'', ''NQ-CP''), by their ids in standings: its own, and those that other letters say it assigned, each once; of several letters of that number an error names them, and issuer and in_year say which is meant';

-- Search over the stored fold, by whole words. A word with diacritics must stand so; one without is found either way.

CREATE MACRO as_words(words) AS ' ' || trim(regexp_replace(lower(words), '[^\p{L}\p{M}\p{N}]+', ' ', 'g')) || ' ';
COMMENT ON MACRO as_words IS 'A text as its words alone, in small letters, each between blanks';

-- `hoà`, `thuỷ` and `hòa`, `thủy` are one spelling to the reader, and two to the computer: both are looked for.
CREATE MACRO both_spellings(words) AS list_transform([[4, 1], [1, 4]], lambda places: list_reduce(
    list_prepend(words, ['oà òa', 'oá óa', 'oả ỏa', 'oã õa', 'oạ ọa', 'oè òe', 'oé óe', 'oẻ ỏe', 'oẽ õe', 'oẹ ọe',
        'uỳ ùy', 'uý úy', 'uỷ ủy', 'uỹ ũy', 'uỵ ụy']),
    lambda said, spelling: replace(said, spelling[places[1]:places[1] + 1], spelling[places[2]:places[2] + 1])));
COMMENT ON MACRO both_spellings IS 'Words with the tone mark on the last vowel (hoà, uỷ), and on the one before (hòa, ủy)';

CREATE MACRO search_terms(words) AS list_filter(
    list_transform(
        list_concat(
            regexp_extract_all(translate(nfc_normalize(words), '“”', '""'), '"([^"]*)"', 1),
            string_split(as_words(regexp_replace(translate(nfc_normalize(words), '“”', '""'), '"[^"]*"', ' ', 'g')), ' ')),
        lambda term: trim(as_words(term))),
    lambda term: term <> '');
COMMENT ON MACRO search_terms IS 'What is searched for: phrases in quotes, and every other word';

CREATE MACRO folded_words(folded) AS ' ' || trim(regexp_replace(folded, '[^a-z0-9]+', ' ', 'g')) || ' ';
COMMENT ON MACRO folded_words IS 'The fold of a text as its words alone, each between blanks';

CREATE MACRO marked_terms(words) AS flatten(list_transform(search_terms(words), lambda term:
    CASE WHEN list_bool_and(list_transform(string_split(term, ' '), lambda word: fold(word) <> word)) THEN [' ' || term || ' ']
    ELSE list_transform(list_filter(string_split(term, ' '), lambda word: fold(word) <> word), lambda word: ' ' || word || ' ') END));
COMMENT ON MACRO marked_terms IS 'What is searched for that bears diacritics, and must stand so: phrases, and words';

CREATE MACRO longest_word(words) AS list_max(list_transform(
    string_split(fold(array_to_string(search_terms(words), ' ')), ' '), lambda word: struct_pack(n := length(word), word := word))).word;
COMMENT ON MACRO longest_word IS 'The longest word searched for, folded';

CREATE MACRO holds_all(told, terms) AS list_transform(
    [struct_pack(told := told, terms := terms)],
    lambda once: list_bool_and(list_transform(once.terms, lambda term: contains(once.told, term[1]) OR contains(once.told, term[2]))))[1];
COMMENT ON MACRO holds_all IS 'Whether a text holds one of every two strings';

-- What is made of the words alone is made once for all rows (outside the lambda). One word, found or not in the fold as it is stored, leaves few of
-- them for the rest, and the fold fewer still for what bears diacritics.
CREATE MACRO has_words(plain, folded, words) AS len(search_terms(words)) > 0 AND contains(folded, longest_word(words))
    AND holds_all(folded_words(folded), list_transform(search_terms(words), lambda term: [folded_words(fold(term)), folded_words(fold(term))]))
    AND CASE WHEN len(marked_terms(words)) = 0 THEN true ELSE holds_all(as_words(plain), list_transform(marked_terms(words), lambda term: both_spellings(term))) END;
COMMENT ON MACRO has_words IS 'Whether a text, with its fold, holds all of some words and phrases, whole ones';

CREATE MACRO how_near(plain, folded, words) AS CASE
    WHEN holds_all(as_words(plain), [both_spellings(as_words(nfc_normalize(words)))]) THEN 0
    WHEN contains(folded_words(folded), folded_words(fold(words))) THEN 1
    ELSE 2 END;
COMMENT ON MACRO how_near IS 'How near a text that was found is to what was typed: 0 these words in this order, 1 but for diacritics, 2 apart';

CREATE MACRO search_tasks(words) AS TABLE
SELECT * FROM current_tasks WHERE has_words(text, text_folded, words)
ORDER BY how_near(text, text_folded, words), concerns_us = 'no', issued_date DESC, ordinal;
COMMENT ON MACRO TABLE search_tasks IS
    'Tasks whose text holds all of some words, with or without diacritics, and phrases in "quotes"; those that stand as typed first';

CREATE MACRO search_letters(words) AS TABLE
WITH found AS MATERIALIZED (
    FROM letters WHERE has_words(subject, subject_folded, words)
        OR letter_id IN (SELECT letter_id FROM tasks WHERE has_words(text, text_folded, words))
)
SELECT found.*, letter_concern(found.letter_id) AS concerns_us
FROM found
ORDER BY has_words(subject, subject_folded, words) IS NOT TRUE, how_near(subject, subject_folded, words), issued_date DESC;
COMMENT ON MACRO TABLE search_letters IS 'Letters whose subject (these first), or one of whose tasks, holds all of some words and phrases, likewise';
