// Numbers, sizes, times as the window writes them: short, of constant look, with SI unit symbols (which need no translation).

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 6753409 -> "6,753,409". */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** A measured value with `digits` significant digits: "0.6931", "1.2e-5", "12,345", "NaN", "+∞". */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return signed(value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e'));
  if (size >= 1000) return signed(counts.format(value));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return signed(value.toFixed(Math.min(decimals, 7)));
}

/** A setting, exactly as it was set. */
export function formatSetting(value: number | string | boolean | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return Math.abs(value) >= 10_000 ? formatCount(value) : signed(String(value));
  return String(value);
}

/** Milliseconds -> "850 ms", "12.4 s", "3 min 20 s", "2 h 05 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '–';
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Bytes -> "812 B", "1.2 MB" (powers of 1000, as disks and downloads are sold). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Steps a second: "41.2", "0.34". */
export function formatRate(perSecond: number): string {
  return perSecond >= 100 ? formatCount(perSecond) : perSecond.toPrecision(3);
}

/** Local time: "14:03" today, "21 Nov 14:03" this year, "21 Nov 2025" before. */
export function formatMoment(ms: number, nowMs: number): string {
  const moment = new Date(ms);
  const now = new Date(nowMs);
  const clock = moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (moment.toDateString() === now.toDateString()) return clock;
  const day = moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return moment.getFullYear() === now.getFullYear() ? `${day} ${clock}` : `${day} ${moment.getFullYear()}`;
}

/** Full local date and time, for titles and the list of events. */
export function formatExact(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}

export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${percent < 10 && percent > 0 ? percent.toFixed(1) : Math.floor(percent)} %`;
}

function signed(text: string): string {
  return text.replace('-', '−').replace('e-', 'e−');
}
