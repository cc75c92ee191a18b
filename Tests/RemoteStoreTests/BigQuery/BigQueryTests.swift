import Testing

/// Everything about BigQuery stores. One test at a time: the emulator runs one statement after the other.
@Suite(.serialized) enum BigQueryTests {}
