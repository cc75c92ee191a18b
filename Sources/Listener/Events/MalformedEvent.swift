/// A message of a known sender that is not what it sends.
struct MalformedEvent: Error {}
