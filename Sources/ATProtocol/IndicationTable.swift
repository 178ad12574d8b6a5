/// The starts of lines that modems print unasked.
///
/// The list matters for commands whose answer has no prefix of its own (`AT+CGMI`): there
/// an indication that is not listed would be taken for the answer.
enum IndicationTable {
    /// Indications whose PDU follows on the next line (3GPP 27.005 §3.4.1).
    static let twoLinePrefixes = ["+CMT:", "+CDS:", "+CBM:"]

    /// The prefix of a known one-line indication; nil if the line starts with none.
    static func prefix(of line: String) -> String? {
        guard let first = line.utf8.first, starters.contains(first) else { return nil }
        return prefixes.first { line.utf8.starts(with: $0.utf8) }
    }

    private static let starters = Set("+^*#_DMN".utf8)

    private static let prefixes = standard + makers

    /// 3GPP 27.005, 27.007 and V.250.
    private static let standard = [
        "+CMTI:", "+CDSI:", "+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:", "+CUSD:", "+CPIN:",
        "+CSQ:", "+COLP:", "+CLIP:", "+CRING:", "+CCWA:", "+CLCC:", "+CSSI:", "+CSSU:",
        "+CIEV:", "+CGEV:", "+CTZV:", "+CTZE:", "+CTZDST:", "+CUSATP:", "+CUSATEND", "+CALA:",
    ]

    private static let makers = [
        // Huawei
        "^RSSI:", "^HCSQ:", "^DSFLOWRPT:", "^BOOT:", "^MODE:", "^CSNR:", "^SRVST:", "^SIMST:",
        "^STIN:", "^NWTIME:", "^RSSILVL:", "^HRSSILVL:", "^NDISSTAT:", "^ORIG:", "^CONF:",
        "^CONN:", "^CEND:", "^DDTMF:", "^CUSATP:", "^CUSATEND", "^DSDORMANT:", "^PDPDEACT:",
        "^NDISEND:", "^RFSWITCH:", "^POSITION:", "^ECCLIST:", "^LTERSRP:", "^EONS:", "^LWURC:",
        "^SCN:", "^ANLEVEL:", "^THERM:", "^SYSINFO:", "^SMMEMFULL:",
        // ZTE
        "+ZEND:", "+ZUSIMR:", "+ZDONR:", "+ZPASR:", "+ZPSTM:", "+SPNWNAME:", "+PSBEARER:",
        // SIMCom
        "+CNSMOD:", "+NITZ:", "*PSUTTZ:", "*PSNWID:", "*EBCA:", "+STIN:", "+SIMCARD:", "DST:",
        // Quectel
        "+QIND:", "+QUSIM:", "+QLWURC:", "+QNWINFO:", "+QSIMSTAT:", "+QSIMSTAT :", "+QCSQ:",
        // Telit
        "#STN:", "#QSS:",
        // Cinterion
        "^SCKS:", "^SYSSTART", "^SHUTDOWN",
        // Sierra, Wavecom, Ericsson, Option
        "+PACSP", "+WWSM:", "+WIND:", "+MBAN:", "_OSIGQ:", "_OBS:", "*EMRDY:", "*E2REG:",
        "MODEM:STARTUP", "NITZ:",
    ]
}
