/// One page of a list and where the next one begins.
package struct Page<Element: Sendable>: Sendable {
    package var elements: [Element]
    /// Nil on the last page.
    package var next: Int64?

    package init(elements: [Element], next: Int64?) {
        self.elements = elements
        self.next = next
    }
}
