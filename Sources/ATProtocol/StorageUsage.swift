/// How full a message storage is (3GPP 27.005 §3.2.2).
package struct StorageUsage: Hashable, Sendable {
    package var used: Int
    package var total: Int

    package init(used: Int, total: Int) {
        self.used = used
        self.total = total
    }

    /// Reads the first storage, the one that messages are read and deleted from.
    ///
    /// Both forms are understood: `+CPMS: "SM",3,20,…` of a query and `+CPMS: 3,20,…` of a
    /// selection. Nil if the counts are missing or more are used than exist.
    package init?(_ line: String) {
        guard let fields = ResponseFields(line, prefix: "+CPMS:") else { return nil }
        let start = fields[0]?.number == nil ? 1 : 0
        guard let used = fields[start]?.number, let total = fields[start + 1]?.number,
            used <= total
        else { return nil }
        self.init(used: used, total: total)
    }
}
