/// A harmless question whose answer cannot be mistaken for that of any other command.
///
/// A late `OK` looks like every other `OK`, so `AT` cannot tell whether the modem is in step.
/// The test form of a setting can: its information line starts like no answer the
/// gateway asks for and like no indication, and a modem answers strictly in order. Once the
/// line and its own `OK` are read, whatever was written earlier has been answered or
/// never will be.
///
/// A modem that hangs for minutes may answer every question of that time at the end. So no
/// question recurs while earlier ones are unanswered: the first six are single, later ones
/// are joined by `;` (V.250 §5.4.1) in an order of their own:
///
///     0  AT+CMEE=?          6  AT+CMEE=?;+CMGF=?          7  AT+CMGF=?;+CSCS=?
///
/// A modem that cannot join is then lost rather than misunderstood. All are answered without
/// a SIM (3GPP 27.005 §3.2.3, 27.007 §5.5 and §9.1, V.250 §6.2).
struct Barrier: Hashable {
    private static let names = ["+CMEE", "+CMGF", "+CSCS", "+CRC", "+IFC", "+IPR"]

    /// What the information lines start with, in their order; neighbours differ.
    let prefixes: [String]
    let line: String

    /// The question of a try.
    ///
    /// - Parameter number: tries since the modem was last in step.
    init(number: Int) {
        var choice = number % Self.names.count
        var rest = number / Self.names.count
        var names = [Self.names[choice]]
        while rest > 0 {
            let steps = (rest - 1) % (Self.names.count - 1) + 1
            rest = (rest - 1) / (Self.names.count - 1)
            choice = (choice + steps) % Self.names.count
            names.append(Self.names[choice])
        }
        prefixes = names.map { "\($0):" }
        line = "AT" + names.map { "\($0)=?" }.joined(separator: ";")
    }

    /// The start of an information line, if it answers any question of a barrier.
    static func prefix(of line: String) -> String? {
        names.lazy.map { "\($0):" }.first { line.utf8.starts(with: $0.utf8) }
    }
}
