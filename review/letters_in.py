"""The dashboard's letters by the month they came in: read, waiting, held, quarantined."""

FATES = ("letters_read", "letters_waiting", "held", "quarantined")
COLOURS = ("#2e7d32", "#90a4ae", "#7b1fa2", "#c62828")

# Months are Vietnam's. What failed after it was received stands among what is quarantined; a scan of several
# letters counts by its parts.
LETTERS = """
SELECT month, count(*) FILTER (fate = 'read'), count(*) FILTER (fate = 'waiting'), count(*) FILTER (fate = 'held'),
    count(*) FILTER (fate = 'quarantined')
FROM (
    SELECT strftime(received_at + INTERVAL 7 HOUR, '%Y-%m') AS month,
        CASE status WHEN 'extracted' THEN 'read' ELSE 'waiting' END AS fate
    FROM documents WHERE status NOT IN ('split', 'failed')
    UNION ALL
    SELECT strftime(max(recorded_at) + INTERVAL 7 HOUR, '%Y-%m'), arg_max(state, recorded_at)
    FROM quarantine GROUP BY drop_id
)
WHERE fate IN ('read', 'waiting', 'held', 'quarantined')
GROUP BY month ORDER BY month DESC LIMIT 12
"""
"""Rows of (month, one count for each of FATES), the last month first."""
