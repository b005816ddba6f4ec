vacuum reindex t
