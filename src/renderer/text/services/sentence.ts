// One text of the services in the languages of the window. The English is both what is looked for and what is shown where
// there is nothing else; in it and in the others `{0}`, `{1}` ... stand for values.

export type Sentence = readonly [english: string, japanese: string, chinese: string];
