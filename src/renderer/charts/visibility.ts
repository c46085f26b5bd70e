// Whether an element is on the screen or nearly so: what is not need not be drawn.

/** An attachment that tells each change. */
export function watchVisibility(onchange: (isVisible: boolean) => void): (element: HTMLElement) => () => void {
  return (element) => {
    const tell = (entries: readonly IntersectionObserverEntry[]): void => onchange(entries.at(-1)!.isIntersecting);
    const observer = new IntersectionObserver(tell, { rootMargin: '100px' });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
