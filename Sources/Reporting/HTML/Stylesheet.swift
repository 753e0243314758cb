/// The one style sheet of the page; its colours are those of `Palette`.
package enum Stylesheet {
  /// The rules, for a page or for a file of their own.
  package static let css: Markup = """
    :root{color-scheme:light dark;\(Palette.light.variables)--strength:1%;--warn:#8a5a00;--warnbg:#fbf0d9;--add:#e2f0e4;--del:#f9e3dc;--addink:#1c5a2b;--delink:#8c2f14}
    @media (prefers-color-scheme:dark){:root{\(Palette.dark.variables)--strength:.84%;--warn:#e8bd63;--warnbg:#332a16;--add:#1a3020;--del:#3b211a;--addink:#9ad3a6;--delink:#f0a98f}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    main,header.top{max-width:72rem;margin:0 auto;padding:0 1.25rem}
    h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,Georgia,serif;line-height:1.2;text-wrap:balance;font-weight:600}
    h1{font-size:clamp(1.9rem,5vw,2.9rem);margin:3rem 0 .6rem;letter-spacing:-.01em}
    h2{font-size:1.6rem;margin:3.6rem 0 .5rem;padding-top:1.1rem;border-top:1px solid var(--line)}
    h3{font-size:1.15rem;margin:1.8rem 0 .4rem}
    p{margin:.5rem 0;max-width:46rem}
    .lead{font-size:1.12rem;color:var(--soft);max-width:46rem}
    .note{color:var(--soft);font-size:.9rem}
    a{color:var(--honest);text-underline-offset:.15em;text-decoration-thickness:1px}
    nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:1.2rem 0 0;font-size:.92rem}
    code,pre,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.86em}
    code,.mono{overflow-wrap:anywhere}
    pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
    .num,td,th{font-variant-numeric:tabular-nums}
    .findings{list-style:none;margin:1rem 0;padding:0;max-width:54rem}
    .findings li{padding:.7rem 0 .7rem 1.9rem;position:relative;border-bottom:1px solid var(--line)}
    .findings li:last-child{border-bottom:0}
    .findings li::before{position:absolute;left:.2rem;top:.72rem;content:"●";color:var(--honest);font-size:.9rem}
    .findings .unclear::before{content:"○";color:var(--soft)}
    .findings .warning::before{content:"▲";color:var(--warn)}
    .findings .warning{background:var(--warnbg);border-radius:.4rem;padding-right:.8rem;border-bottom:0;margin:.3rem 0}
    .findings .warning::before{left:.6rem}
    .scroll{overflow-x:auto;margin:1rem 0;-webkit-overflow-scrolling:touch}
    table{border-collapse:separate;border-spacing:3px;font-size:.9rem}
    .matrix{width:100%}
    .matrix th{font-weight:600;text-align:left;vertical-align:bottom;padding:.3rem .55rem}
    .matrix thead th small,.matrix tbody th small{display:block;font-weight:400;color:var(--soft)}
    .matrix tbody th{vertical-align:top;padding-top:.5rem;min-width:10.5rem}
    .matrix tbody.group th.group{padding-top:1.1rem;color:var(--soft);font-weight:600}
    .matrix td{padding:.5rem .6rem;border-radius:.35rem;min-width:7.4rem;line-height:1.35;vertical-align:top;
    background:color-mix(in oklab,var(--hue) calc(var(--heat)*var(--strength)),var(--card))}
    .matrix td.none{background:none;color:var(--soft)}
    .matrix td b{display:block;font-size:1.08rem;font-weight:650}
    .matrix td span{display:block;font-size:.8rem}
    .matrix td a{color:inherit}
    .matrix td.trained{box-shadow:inset 0 0 0 2px color-mix(in oklab,var(--ink) 55%,transparent)}
    .gaming{--hue:var(--gaming)}.honest{--hue:var(--honest)}
    .plain{border-spacing:0;width:100%}
    .plain th,.plain td{text-align:left;padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
    .plain .met{color:var(--honest);font-weight:600}.plain .unmet{color:var(--gaming);font-weight:700}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1.2rem 1.6rem;margin:1rem 0}
    figure{margin:0}
    figcaption{font-weight:600;font-size:.95rem;margin-bottom:.2rem}
    figcaption small{display:block;font-weight:400;color:var(--soft)}
    svg{width:100%;height:auto;display:block;overflow:visible}
    \(Palette.pageRules)
    svg a{cursor:pointer}svg a:hover .value,svg a:focus .value{text-decoration:underline}
    .opening{margin:1.2rem 0 0}.opening figcaption{font-size:1.18rem;line-height:1.4;max-width:54rem;margin-bottom:.5rem}
    .opening figcaption small{font-size:.9rem;margin-top:.25rem}.opening svg{max-width:58rem}.opening .narrow{display:none}
    .opening .key{margin:.4rem 0 .2rem}
    .shape{width:14px;height:14px;display:inline-block;vertical-align:-2px;margin-right:.4rem}
    .charts.wide{grid-template-columns:1fr}.charts.wide svg{min-width:44rem}.charts.wide figure{overflow-x:auto}
    .charts.wider{grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr))}
    .charts.curves{gap:.8rem 1.4rem;margin:.6rem 0 1.2rem}
    .pick{border:0;margin:.3rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;font-size:.9rem}
    .pick legend{float:left;margin-right:.3rem;color:var(--soft)}.pick label{display:inline-flex;align-items:center;gap:.35rem}
    .swatch{width:1.9rem;height:.6rem;display:inline-block}
    \(TelemetrySection.rules)
    .compared td b{font-variant-numeric:tabular-nums}.compared small{display:block}.compared .clear{color:var(--warn)}
    .compared .group th{padding-top:1.1rem;font-size:1rem}.compared .none{color:var(--soft)}
    .strip{height:.55rem;margin-top:.15rem}.strip line{stroke:var(--ink);stroke-width:1.4;vector-effect:non-scaling-stroke}
    .strip .axis{stroke:color-mix(in oklab,var(--ink) 35%,transparent);stroke-width:1}
    .matrix.narrow{width:auto}
    .plain small{color:var(--soft)}.plain .total td{font-weight:600}.plain .total small{font-weight:400}
    .paper .theirs{background:var(--card);color:var(--soft);padding-left:.8rem}.paper th.theirs{color:var(--ink)}
    .key{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.88rem;color:var(--soft)}
    .key i{display:inline-block;width:1.5rem;border-top:2px solid;vertical-align:middle;margin-right:.4rem}
    .key .g{color:var(--gaming)}.key .h{color:var(--honest)}.key .t{color:var(--twin);border-top-style:dashed}
    details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;background:var(--card)}
    summary{cursor:pointer;padding:.6rem .9rem;font-weight:600}
    summary small{font-weight:400;color:var(--soft);margin-left:.4rem}
    details>div,details>pre{padding:.2rem .9rem .9rem}
    details details{background:var(--paper)}
    .block{margin:.6rem 0;padding:.55rem .8rem;border-radius:.4rem;border-left:3px solid var(--line);overflow-wrap:anywhere}
    .block>label{display:block;font-size:.75rem;letter-spacing:.03em;color:var(--soft);margin-bottom:.15rem}
    .thought{border-left:3px dashed var(--gaming);background:color-mix(in oklab,var(--gaming) 7%,var(--paper));font-style:italic}
    .thought>label{font-style:normal;color:var(--ink)}
    .command{border-left-color:var(--ink);background:var(--paper)}
    .command pre::before{content:"$ ";color:var(--soft)}
    .output{border-left-color:var(--twin)}.output pre{color:var(--soft)}
    .said{border-left-color:var(--honest);background:color-mix(in oklab,var(--honest) 8%,var(--paper));white-space:pre-wrap}
    .steered{border-left:3px double var(--warn);background:var(--warnbg)}
    .diff span{display:block;padding:0 .4rem;white-space:pre-wrap}
    .diff .add{background:var(--add);color:var(--addink)}.diff .del{background:var(--del);color:var(--delink)}
    .facts{display:flex;flex-wrap:wrap;gap:.3rem;margin:.5rem 0}
    .facts span{font-size:.78rem;border:1px solid var(--line);border-radius:1rem;padding:.05rem .6rem;color:var(--soft)}
    .facts .yes{color:var(--ink);border-color:var(--ink)}
    .said pre{font:inherit}
    .rounds{font-size:.82rem;color:var(--soft);display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.3rem 0}
    .pooled{font-size:.88rem;margin:.4rem 0;max-width:none}.pooled span,.list span{margin-right:.9rem;display:inline-block}.pooled small,.list{color:var(--soft)}
    .pooled:target{outline:2px solid var(--honest);outline-offset:4px}
    .filters,.part{gap:.4rem;font-size:.85rem}
    .filters a,.part>*{border:1px solid var(--line);border-radius:1rem;padding:.1rem .7rem;text-decoration:none;color:var(--soft)}
    .filters b,.part b{color:var(--ink);font-weight:600}
    .filters a:target,.part>span{border-color:var(--ink);color:var(--ink);background:var(--card)}
    .part{display:none;flex-wrap:wrap;max-width:none}.part.every{display:flex}
    .episodes h1{font-size:1.9rem;margin-top:1.6rem}.filters a{scroll-margin-top:40rem}
    .prompt{margin:1.1rem 0}.words{border:0;background:none;margin:0}.words>summary{padding:.2rem 0}.e>summary q{font-weight:400;font-size:.85em;color:var(--soft);margin-left:.6rem}
    .e>div{scroll-margin-top:3.5rem}
    details:has(>:target){outline:2px solid var(--honest);outline-offset:2px}details:has(>:target)::details-content{content-visibility:visible;block-size:auto}
    .ids{font-size:.85rem;overflow-wrap:anywhere}
    footer{margin:4rem auto 2rem;max-width:72rem;padding:1rem 1.25rem;color:var(--soft);font-size:.85rem;border-top:1px solid var(--line)}
    details:target{outline:2px solid var(--honest);outline-offset:3px}
    @media (max-width:46rem){
    .opening .broad{display:none}.opening .narrow{display:block}
    .matrix thead{display:none}
    .matrix,.matrix tbody,.matrix tr,.matrix td,.matrix th{display:block;width:100%}
    .matrix tr{display:grid;grid-template-columns:1fr 1fr;gap:4px;margin-bottom:1.2rem}
    .matrix tr th{grid-column:1/-1;padding:.2rem 0;font-size:1.05rem;border-bottom:1px solid var(--line)}
    .matrix td::before{content:attr(data-label);display:block;font-size:.76rem;opacity:.82;line-height:1.25;margin-bottom:.15rem}
    .matrix td.none{display:none}
    .matrix tr:has(th.group){margin:0}.matrix tbody.group th.group{border:0;padding:.6rem 0 0;font-size:.95rem}
    .stack thead{display:none}.stack tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
    .stack td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right}
    .stack td::before{content:attr(data-label);color:var(--soft);text-align:left}
    h2{margin-top:2.6rem}}
    @media print{:root{color-scheme:light;\(Palette.light.variables)--paper:#fff}details{break-inside:auto}
    details:not([open]):not(.transcript):not(.e){display:none}:is(.transcript,.e)::details-content{content-visibility:visible;block-size:auto}body{font-size:10.5pt}nav{display:none}
    .opening .broad{display:block}.opening .narrow{display:none}
    h2,h3,figcaption,summary{break-after:avoid}h2+p,h3+p{break-after:avoid}h2{margin-top:1.6rem}
    main,header.top{max-width:none;padding:0}p,.findings{max-width:none}.matrix{font-size:8pt}.matrix td{min-width:0;padding:.3rem .4rem}
    .matrix tbody th{min-width:5rem}.charts.wider{grid-template-columns:1fr 1fr}
    h2,figure,tr,.block{break-inside:avoid}.charts.wide svg{min-width:0}.scroll,.charts.wide figure{overflow:visible}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """
}
