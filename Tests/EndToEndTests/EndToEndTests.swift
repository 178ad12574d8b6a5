import Testing

/// The built programs together: daemon, client and simulated transceivers as processes of their own.
///
/// One at a time, because their times are those of a machine that has little else to do.
@Suite(.serialized) enum EndToEndTests {}
