-- Takes an episode of the start out of a finished run, so that it is owed again.
DELETE FROM episode WHERE id = (
  SELECT episode.id FROM episode JOIN cell ON cell.id = cell_id JOIN checkpoint ON checkpoint.id = checkpoint_id
  WHERE checkpoint.name = 'start' AND purpose = 'evaluation' LIMIT 1);
