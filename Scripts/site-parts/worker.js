// A page that is read from a file may start no worker, and the search is one. So a hidden frame does its work.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #inside;
    #loaded;

    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.#inside = frame.contentWindow;
      this.#inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }));
      this.#inside.importScripts = async (...urls) => {
        for (const url of urls) await this.#load(url);
      };
      this.#loaded = this.#load(url);
    }

    #load(url) {
      const script = this.#inside.document.createElement("script");
      script.src = url;
      return new Promise((resolve, reject) => {
        script.onload = resolve;
        script.onerror = reject;
        this.#inside.document.body.append(script);
      });
    }

    postMessage(data) {
      this.#loaded.then(() => this.#inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
}
