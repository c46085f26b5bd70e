// Log-likelihood by Parzen windows, the figure of the first GAN paper's table (arXiv 1406.2661, table 1). Historical:
// the paper itself calls it unreliable in high dimension. Estimator of goodfeli/adversarial, parzen_ll.py.

/** Points of `dimensions` numbers, one after the other. */
export interface Cloud {
  readonly values: ArrayLike<number>;
  readonly dimensions: number;
}

export interface LogLikelihood {
  /** Mean over the test points, in nats. */
  readonly mean: number;
  /** Deviation over the test points / sqrt(their number). */
  readonly standardError: number;
}

/** log mean_i N(x; centre_i, sigma^2 I) for each point x, as logmeanexp(-1/2 |(x - centre_i)/sigma|^2) - d log(sigma sqrt(2 pi)). */
export function parzenLogDensities(centres: Cloud, points: Cloud, sigma: number): Float64Array {
  const { dimensions } = points;
  const count = points.values.length / dimensions;
  const constant = dimensions * Math.log(sigma * Math.sqrt(2 * Math.PI));
  return Float64Array.from({ length: count }, (_, at) => {
    const exponents = exponentsOf(centres, points.values, at * dimensions, sigma);
    const greatest = exponents.reduce((most, value) => Math.max(most, value), -Infinity);
    const sum = exponents.reduce((total, value) => total + Math.exp(value - greatest), 0);
    return greatest + Math.log(sum / exponents.length) - constant;
  });
}

function exponentsOf(centres: Cloud, values: ArrayLike<number>, start: number, sigma: number): Float64Array {
  const { dimensions } = centres;
  const exponents = new Float64Array(centres.values.length / dimensions);
  for (let centre = 0; centre < exponents.length; centre++) {
    let square = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      square += (values[start + axis]! - centres.values[centre * dimensions + axis]!) ** 2;
    }
    exponents[centre] = (-0.5 * square) / sigma ** 2;
  }
  return exponents;
}

export function parzenLogLikelihood(centres: Cloud, points: Cloud, sigma: number): LogLikelihood {
  const densities = parzenLogDensities(centres, points, sigma);
  const mean = densities.reduce((sum, value) => sum + value, 0) / densities.length;
  const variance = densities.reduce((sum, value) => sum + (value - mean) ** 2, 0) / densities.length;
  return { mean, standardError: Math.sqrt(variance / densities.length) };
}

/** Ten widths from 10^-1 to 10^0, evenly on a logarithmic scale, as the original code tries them. */
export const SIGMAS: readonly number[] = Array.from({ length: 10 }, (_, at) => 10 ** (at / 9 - 1));

/** The width under which the validation points are likeliest. */
export function chooseSigma(centres: Cloud, validation: Cloud, sigmas: readonly number[] = SIGMAS): number {
  const means = sigmas.map((sigma) => parzenLogLikelihood(centres, validation, sigma).mean);
  return sigmas[means.indexOf(Math.max(...means))]!;
}
