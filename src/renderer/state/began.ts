// What tells a run of BEGAN: the scalars of its feedback, which are read together (arXiv 1703.10717, section 3.4).

/** M, k and the balance, in the order they are shown. */
export const BEGAN_TAGS: readonly string[] = ['convergence/m_global', 'began/k_t', 'began/balance'];

export function isBegan(scalarTags: readonly string[]): boolean {
  return BEGAN_TAGS.every((tag) => scalarTags.includes(tag));
}
