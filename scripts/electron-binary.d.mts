/** Path of the binary, or null. */
export function findElectron(): string | null;
/** The reason in words, or null when it can. Fetches the binary when only that is missing. */
export function whyNoElectron(node: string): Promise<string | null>;
