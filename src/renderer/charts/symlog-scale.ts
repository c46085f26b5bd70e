// The symmetric logarithm as an axis of chart.js. Its range is always given, as on every axis of Saddle.

import { Scale, type CoreScaleOptions, type Tick } from 'chart.js';
import { symlog, symlogTicks, unsymlog } from './symlog.ts';

export interface SymlogOptions extends CoreScaleOptions {
  readonly linear: number;
}

const MOST_TICKS = 8;

export class SymlogScale extends Scale<SymlogOptions> {
  static readonly id = 'symlog';
  static readonly defaults = {};

  override parse(raw: unknown): number {
    return Number(raw);
  }

  override determineDataLimits(): void {
    const { min, max } = this.getUserBounds();
    this.min = min;
    this.max = max;
  }

  override buildTicks(): Tick[] {
    return symlogTicks(this.min, this.max, this.options.linear, MOST_TICKS).map((value) => ({ value }));
  }

  override getPixelForValue(value: number): number {
    const { linear } = this.options;
    const low = symlog(this.min, linear);
    return this.getPixelForDecimal((symlog(value, linear) - low) / (symlog(this.max, linear) - low));
  }

  override getValueForPixel(pixel: number): number {
    const { linear } = this.options;
    const low = symlog(this.min, linear);
    return unsymlog(low + this.getDecimalForPixel(pixel) * (symlog(this.max, linear) - low), linear);
  }
}
