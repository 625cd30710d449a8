/** The page's style sheet: fluid, light and dark, no script, nothing from elsewhere. */
export const styleSheet = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#15181c;--muted:#59626d;--line:#e0e4e9;--track:#e8ecf1;
--accent:#0b62bd;--good:11 98 189;--bad:201 84 0;--on:#fff;--rim:rgb(0 0 0/.28)}
@media (prefers-color-scheme:dark){:root{--page:#0e1114;--card:#16191e;--text:#e7eaee;--muted:#9ba5b0;--line:#2a3038;
--track:#252b33;--accent:#5fabff;--good:95 171 255;--bad:255 148 66;--on:#06101b;--rim:rgb(255 255 255/.32)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1240px;margin:0 auto;padding:clamp(16px,4vw,40px) clamp(12px,3vw,32px) 48px}
h1{font-size:clamp(1.5rem,4vw,2.1rem);line-height:1.2;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 12px}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:0}
.sub,.note{color:var(--muted)}
.note{font-size:.86rem;margin-top:10px}
section,.tile,article{background:var(--card);border:1px solid var(--line);border-radius:12px}
section{margin-top:20px;padding:clamp(14px,2.4vw,24px)}
.tiles{display:grid;gap:12px;margin-top:24px;grid-template-columns:repeat(auto-fit,minmax(min(100%,150px),1fr))}
.tile{padding:14px 16px;min-width:0}
.tile b{display:block;font-size:1.7rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.tile:first-child b{font-size:2.3rem;color:var(--accent)}
.tile span{color:var(--muted);font-size:.86rem}
.pair{display:grid;gap:20px;align-items:start;grid-template-columns:minmax(0,1fr)}
.pair section,.stack{min-width:0}
.pair{margin-top:20px}
.pair section{margin-top:0}
.pair .stack section+section{margin-top:20px}
@media (min-width:900px){.pair{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}}
.scroll{overflow:auto;max-height:75vh;max-width:100%}
.scroll:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
th,td{padding:7px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}
thead th{color:var(--muted);font-weight:500;font-size:.82rem}
tbody tr:last-child>*{border-bottom:0}
tbody th{font-weight:500;white-space:nowrap}
th bdi{display:inline-block;width:max-content;max-width:11em;white-space:normal;overflow-wrap:break-word;vertical-align:top}
.bar{display:inline-block;vertical-align:middle;width:clamp(36px,7vw,96px);height:8px;border-radius:4px;background:var(--track);overflow:hidden;margin-right:8px}
.bar i{display:block;height:100%;background:var(--accent)}
.swatch{display:inline-block;width:.85em;height:.85em;border-radius:3px;box-shadow:inset 0 0 0 1px var(--rim);margin-right:.45em;vertical-align:-.06em;flex:none;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.absent{color:var(--muted)}
.matrix{width:auto;border-collapse:separate;border-spacing:2px;font-size:.82rem}
.matrix th,.matrix td{border:0;border-radius:4px;padding:6px 8px;text-align:center;min-width:3.6em}
.matrix thead th{position:sticky;top:0;background:var(--card);z-index:1;white-space:normal;vertical-align:bottom}
.matrix thead bdi{max-width:8em}
.matrix tbody th{position:sticky;left:0;background:var(--card);text-align:left;z-index:1}
.matrix tbody bdi{max-width:8em}
.matrix thead th:first-child{left:0;z-index:2;text-align:left}
.matrix td{background:rgb(var(--bad)/var(--v,0));-webkit-print-color-adjust:exact;print-color-adjust:exact}
.matrix td.on{background:rgb(var(--good)/var(--v,0))}
.matrix td.on.hi{color:var(--on)}
@media (prefers-color-scheme:dark){.matrix td.mid,.matrix td.hi{color:var(--on)}}
.matrix td.zero{color:var(--muted)}
ol.pairs{margin:0;padding:0;list-style:none}
ol.pairs li{padding:8px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
ol.pairs li:last-child{border:0}
ol.pairs small{display:block;color:var(--muted)}
.histogram{display:grid;grid-template-columns:repeat(10,minmax(0,1fr));gap:3px;align-items:end;height:120px;margin-top:6px}
.histogram div{display:flex;flex-direction:column;justify-content:flex-end;height:100%;text-align:center;font-size:.75rem;color:var(--muted)}
.histogram i{display:block;background:var(--accent);border-radius:3px 3px 0 0;min-height:1px}
.axis{display:flex;justify-content:space-between;color:var(--muted);font-size:.75rem;border-top:1px solid var(--line);padding-top:3px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 8px;padding:0;list-style:none;font-size:.88rem}
.legend li{display:inline-flex;align-items:baseline;overflow-wrap:anywhere;min-width:0}
article{margin-top:16px;padding:clamp(10px,1.6vw,16px);background:var(--page)}
article header{display:flex;flex-wrap:wrap;gap:2px 18px;align-items:baseline;justify-content:space-between}
article header p{color:var(--muted);font-size:.9rem;font-variant-numeric:tabular-nums}
.chips{display:flex;flex-wrap:wrap;gap:4px 14px;margin:6px 0 0;padding:0;list-style:none;font-size:.85rem;font-variant-numeric:tabular-nums}
.chips li{display:inline-flex;align-items:baseline;min-width:0;overflow-wrap:anywhere}
.panels{display:grid;gap:10px;margin-top:10px;grid-template-columns:repeat(2,minmax(0,1fr))}
@media (min-width:900px){.panels{grid-template-columns:repeat(4,minmax(0,1fr))}}
figure{margin:0;min-width:0;scroll-margin:12px}
figure a{display:block}
figure svg{display:block;width:100%;height:auto;max-height:80vh;background:var(--track);border-radius:6px}
figure svg image{image-orientation:none}
figcaption{color:var(--muted);font-size:.82rem;margin-top:4px;display:flex;justify-content:space-between}
.layer{image-rendering:pixelated}
.close{display:none!important}
figure:target{position:fixed;inset:0;z-index:9;background:var(--page);padding:12px;display:flex;flex-direction:column;justify-content:center}
figure:target svg{height:calc(100vh - 70px);max-height:none;background:transparent}
figure:target .close{display:inline!important;color:var(--accent)}
ul.rules{margin:0;padding-left:1.2em;color:var(--muted);font-size:.92rem}
ul.rules li+li{margin-top:4px}
@media (max-width:560px){th,td{padding:6px 5px}table{font-size:.86rem}.bar{width:26px;margin-right:5px}.wide{display:none}}
@media print{.scroll{max-height:none;overflow:visible}section,article{break-inside:avoid}}
`;
