/** Gives jsdom sizes, without which virtual lists of options stay empty and texts cannot be measured. */
export function stubLayout() {
  const box = { x: 0, y: 0, top: 0, left: 0, right: 400, bottom: 600, width: 400, height: 600 };
  Object.defineProperty(Element.prototype, 'getBoundingClientRect', { value: () => ({ ...box, toJSON: () => box }) });
  Object.defineProperty(Element.prototype, 'clientHeight', { value: box.height });
  Object.defineProperty(Element.prototype, 'clientWidth', { value: box.width });
  Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
    value: () => ({ measureText: (text: string) => ({ width: text.length * 8 }) }),
  });
  Object.defineProperty(globalThis, 'IntersectionObserver', { value: NeverIntersects });
}

class NeverIntersects {
  observe() {}
  unobserve() {}
  disconnect() {}
}
