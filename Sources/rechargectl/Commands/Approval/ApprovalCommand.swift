import ArgumentParser

/// All that concerns changes that take a second person.
struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "See, approve and reject what takes a second person.",
        discussion: """
              rechargectl approval list
              rechargectl approval evidence 7 letter.pdf
              rechargectl approval approve 7 --reason "seen the letter"
            """,
        subcommands: [
            ApprovalList.self, ApprovalEvidence.self, ApprovalApprove.self, ApprovalReject.self,
        ]
    )
}
