import Digests
package import Documents
import Glibc

/// Configuration files: UTF-8, YAML, one document each.
///
/// Whatever keeps a file from being read is a `Mistake` with its place, like the mistakes that a
/// reader finds in it later. Anchors and aliases are refused: a value stands where it is used.
package enum YAMLFile {
    /// Larger files are not configuration.
    package static let bytesMax = 1_000_000

    /// Reads one file.
    package static func read(_ path: String) throws(DocumentError) -> Document {
        try parse(contents(of: path), file: path)
    }

    /// Reads one file and notes its digest; for files without secrets, which a digest would tell.
    package static func readWithDigest(_ path: String) throws(DocumentError) -> Document {
        let contents = try contents(of: path)
        var document = try parse(contents, file: path)
        document.digest = SHA256Digest.of(contents)
        return document
    }

    /// Reads every `*.yaml` of a folder with its digest, in the order of their names.
    ///
    /// Hidden files are left out.
    ///
    /// Throws the mistakes of all files at once.
    package static func readAll(in folder: String) throws(DocumentError) -> [Document] {
        var documents: [Document] = []
        var mistakes: [Mistake] = []
        for name in try names(in: folder) where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
            do {
                documents.append(try readWithDigest("\(folder)/\(name)"))
            } catch {
                mistakes += error.mistakes
            }
        }
        guard mistakes.isEmpty else { throw DocumentError(mistakes) }
        return documents
    }

    private static func contents(of path: String) throws(DocumentError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("cannot be opened", path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read", path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DocumentError([
                Mistake(at: Document.Position(file: path), "is not a file", expected: "a YAML file")
            ])
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= bytesMax {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be read", path, errno) }
            bytes += chunk[..<count]
        }
        throw DocumentError([
            Mistake(
                at: Document.Position(file: path),
                "is larger than 1 MB",
                expected: "a configuration file",
                cure: "check that the path is right"
            )
        ])
    }

    private static func names(in folder: String) throws(DocumentError) -> [String] {
        guard let stream = opendir(folder) else {
            throw failure("cannot be opened as a folder", folder, errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else { throw failure("cannot be listed", folder, errno) }
        return names.sorted()
    }

    private static func failure(_ what: String, _ path: String, _ code: CInt) -> DocumentError {
        let cure: String? =
            switch code {
            case ENOENT, ENOTDIR: "check the path"
            case EACCES, EPERM: "give the user of this process the right to read it"
            default: nil
            }
        let cause = strerror(code).map { String(cString: $0) } ?? "errno \(code)"
        let position = Document.Position(file: path)
        return DocumentError([Mistake(at: position, "\(what): \(cause)", cure: cure)])
    }
}
