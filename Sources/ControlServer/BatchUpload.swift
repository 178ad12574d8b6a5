import ControlAPI
import Hummingbird
import JobStorage
import Recharge
import TextDecoding

/// Taking a batch: check the whole file, then stage it, then open it.
extension ControlService {
    func upload(call: ControlCall, isDryRun: Bool) async throws -> Response {
        let key = try call.key()
        let encoding = try encoding(call)
        let carriers = try await carriers()
        let carrier = try namedCarrier(call)
        let acceptsValid = try call.flag("accept_valid")
        let allowsDuplicates = try call.flag("allow_duplicates")
        if let length = call.request.headers[.contentLength].flatMap({ Int($0) }),
            length > configuration.batchBytesMax
        {
            throw Problem(tooLong: configuration.batchBytesMax)
        }
        let slot = try uploads.take()
        defer { extendLifetime(slot) }
        var context = context(key, carriers, carrier, at: call.at)
        context.allowsDuplicates = allowsDuplicates
        let intake = try BatchIntake(
            context,
            naming: carrier,
            in: configuration.spoolFolder
        )
        let findings = try await intake.receive(
            call.body(),
            encoding: encoding,
            bytesMax: configuration.batchBytesMax
        )
        if isDryRun {
            var report = try await report(findings)
            if !allowsDuplicates { try await tell(of: intake, findings, key, in: &report) }
            return try .json(report)
        }
        var known: Batch?
        if findings.totals.mistakes > 0 {
            known = try await taken(key)
            if known == nil { try refuse(findings, acceptsValid: acceptsValid) }
        }
        if !allowsDuplicates { try await refuseRepeats(of: intake, findings, key) }
        return try await take(intake, findings, key, known, call)
    }

    /// Stages and opens a batch.
    ///
    /// A repeat of a known one is compared by its file: of its rows fewer may be good by now.
    private func take(
        _ intake: borrowing BatchIntake,
        _ findings: BatchFindings,
        _ key: NewJob.Key,
        _ known: Batch?,
        _ call: ControlCall
    ) async throws -> Response {
        var new = NewBatch(
            key: key,
            name: call.query("name").map { masked(String($0.visible.prefix(200))) } ?? "batch",
            bodyDigest: findings.digest,
            rowCount: known?.rowCount ?? findings.totals.accepted,
            amountSum: try known?.amountSum ?? findings.totals.sum ?? nothing()
        )
        new.otherDigests = findings.otherDigests
        new.allowsDuplicates = try call.flag("allow_duplicates")
        let id: Batch.ID
        switch try await store.begin(new, by: call.actor, at: now()) {
        case .known(let batch): return try .json(receipt(batch, findings))
        case .stage(let new): id = new
        }
        try await intake.handOn { orders in
            try await store.stage(orders, in: id, at: now())
        }
        var batch = try await store.open(id, by: call.actor, at: now())
        if batch.allowsDuplicates {
            try await vouch(for: .batch(id), reason: ControlService.allowed, call)
            batch = try await store.batch(id) ?? batch
        }
        return try .json(receipt(batch, findings), status: .created)
    }

    private func receipt(_ batch: Batch, _ findings: BatchFindings) -> BatchReceipt {
        BatchReceipt(
            batch: BatchView(batch, at: now()),
            refusedLines: findings.refusedLines,
            mistakes: findings.mistakes,
            mistakesOmitted: findings.mistakesOmitted
        )
    }

    private func refuse(_ findings: BatchFindings, acceptsValid: Bool) throws {
        let isWorthTaking = findings.totals.accepted > 0 && !findings.isUnreadable
        guard !(acceptsValid && isWorthTaking) else { return }
        let rows = findings.totals.refused
        throw Problem(
            .badBatch,
            detail: "nothing was taken: \(findings.totals.mistakes) mistakes in \(rows) of "
                + "\(findings.totals.rows) rows: correct them and send the file again",
            mistakes: findings.mistakes,
            mistakesOmitted: findings.mistakesOmitted
        )
    }

    /// The batch that was taken with a key: its repeat stays good after deadlines in it passed.
    private func taken(_ key: NewJob.Key) async throws -> Batch? {
        var cursor: Int64?
        repeat {
            let page = try await store.batches(after: cursor, limit: ControlCall.pageMax)
            let known = page.elements.first { $0.key == key && $0.state != .staging }
            if let known { return known }
            cursor = page.next
        } while cursor != nil
        return nil
    }

    // MARK: What the request says

    private func context(
        _ key: NewJob.Key,
        _ carriers: [CarrierTerms],
        _ carrier: CarrierID?,
        at now: Timestamp
    ) -> BatchContext {
        BatchContext(
            key: key,
            now: now,
            defaultCarrier: carrier ?? configuration.standardCarrier,
            carriers: Dictionary(
                carriers.map { ($0.id, $0.rules) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    /// The carrier of rows that name none, where the request says so.
    private func namedCarrier(_ call: ControlCall) throws -> CarrierID? {
        let carriers = configuration.carriers
        guard let name = call.query("carrier") else { return nil }
        guard let carrier = carriers.first(where: { $0.id.name == name }) else {
            let known = carriers.map(\.id.name).sorted().joined(separator: ", ")
            throw Problem(
                .badRequest,
                detail: "carrier=\(name.visible): there is no such carrier; write one of \(known)"
            )
        }
        return carrier.id
    }

    private func encoding(_ call: ControlCall) throws -> TextEncoding? {
        let type = call.request.headers[.contentType] ?? ""
        let parts = type.split(separator: ";").map { trimmed($0) }
        guard let kind = parts.first, kind.lowercased() == "text/csv" else {
            throw Problem(
                .unsupportedType,
                detail: "a batch is sent as Content-Type: text/csv, or text/csv; charset=gb18030"
            )
        }
        guard let charset = parts.first(where: { $0.lowercased().hasPrefix("charset=") }) else {
            return nil
        }
        let name = charset.dropFirst("charset=".count).filter { $0 != "\"" }
        guard let encoding = TextEncoding(name: name) else {
            let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                .unsupportedType,
                detail: "charset=\(name.visible): unknown encoding; write one of \(known)"
            )
        }
        return encoding
    }

    private func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// A sum must have a currency, also when no row of a repeated batch is good any more.
    private func nothing() throws -> Amount {
        guard let carrier = configuration.carriers.first else {
            throw Problem(.notReady, detail: "no carrier is configured: see carriers_dir")
        }
        return Amount(minorUnits: 0, currency: carrier.rules.currency)
    }
}
