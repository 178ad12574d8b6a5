/// How a dispute pack looks, on a screen and on paper.
enum PackStyle {
    static let css = """
        :root { --ink: #1a1d21; --faint: #5c6570; --line: #cfd5db; --wash: #f3f5f7;
          --good: #0b6b3a; --bad: #a3161a; --doubt: #8a5a00; }
        * { box-sizing: border-box; }
        body { font: 10.5pt/1.45 "Helvetica Neue", Arial, "Noto Sans", "Noto Sans CJK SC",
          "Microsoft YaHei", sans-serif; color: var(--ink); margin: 0 auto; padding: 2.5rem 2rem;
          max-width: 62rem; background: #fff; }
        header { border-bottom: 3px solid var(--ink); padding-bottom: .8rem;
          margin-bottom: 1.2rem; }
        h1 { font-size: 1.55rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; padding-bottom: .2rem;
          border-bottom: 1px solid var(--line); }
        h3 { font-size: .98rem; margin: 1.2rem 0 .4rem; }
        p { margin: .35rem 0; }
        .sub { color: var(--faint); }
        .none { color: var(--faint); font-style: italic; }
        .practice { background: #fff4d6; border: 2px solid var(--doubt); padding: .6rem .9rem;
          font-weight: 600; }
        table { border-collapse: collapse; width: 100%; margin: .4rem 0 .9rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .55rem;
          border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        thead th { background: var(--wash); font-size: .85em; color: var(--faint);
          border-bottom: 1.5px solid var(--ink); overflow-wrap: normal; }
        table.fields { width: auto; min-width: 60%; }
        table.fields th { font-weight: 500; color: var(--faint); white-space: nowrap;
          padding-right: 1.5rem; }
        .time { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .raw { font: 9pt/1.4 "DejaVu Sans Mono", "Noto Sans Mono CJK SC", Consolas, monospace;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        pre.raw { background: var(--wash); border-left: 3px solid var(--line); margin: .3rem 0;
          padding: .5rem .7rem; }
        .badge { display: inline-block; padding: 0 .5em; border: 1px solid currentColor;
          border-radius: .8em; font-size: .88em; font-weight: 600; white-space: nowrap; }
        .good { color: var(--good); } .bad { color: var(--bad); } .doubt { color: var(--doubt); }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: .6rem 0 1rem; }
        .piece { border: 1px solid var(--line); border-top: 4px solid var(--good);
          padding: .2rem .9rem .6rem; min-width: 0; }
        .piece.against { border-top-color: var(--bad); }
        .piece h3 { margin-top: .5rem; }
        .attempt { border: 1px solid var(--line); padding: .2rem .9rem .6rem; margin: .8rem 0; }
        footer { margin-top: 2.2rem; padding-top: .7rem; border-top: 3px solid var(--ink);
          font-size: .9em; color: var(--faint); }
        @page { size: A4; margin: 16mm 14mm; }
        @media print {
          body { padding: 0; max-width: none; font-size: 9.5pt; }
          h2, h3 { break-after: avoid; }
          tr, .piece, pre.raw { break-inside: avoid; }
          thead { display: table-header-group; }
          * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        }
        """
}
