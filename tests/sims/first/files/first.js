// SPDX-License-Identifier: Apache-2.0
// What happens shows by itself, and what is to be typed elsewhere can be copied. The page works without.
'use strict';
(() => {
  const chinese = document.documentElement.lang === 'zh-CN';
  const words = chinese
    ? { copy: '复制', copied: '已复制', pause: '暂停自动更新', go: '继续自动更新' }
    : { copy: 'Copy', copied: 'Copied', pause: 'Pause the updates', go: 'Go on with updates' };
  const every = 2000;

  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    document.execCommand('copy');
    area.remove();
  }

  function addCopyButtons(root) {
    for (const source of root.querySelectorAll('[data-copy]')) {
      const button = document.createElement('button');
      const text = source.textContent;
      button.type = 'button';
      button.className = 'copy';
      button.textContent = words.copy;
      button.setAttribute('aria-label', `${words.copy} ${text.length > 40 ? source.tagName === 'PRE' ? 'curl' : text.slice(0, 40) : text}`);
      button.addEventListener('click', async () => {
        await copy(text);
        button.textContent = words.copied;
        setTimeout(() => (button.textContent = words.copy), 1500);
      });
      source.after(button);
    }
  }

  const live = document.getElementById('live');
  let shown = '';
  let paused = false;

  function show(html) {
    const open = [...live.querySelectorAll('details[open]')].map((one) => one.id);
    shown = html;
    live.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
    addCopyButtons(live);
  }

  // Not under the reader's hands.
  const inUse = () => live.contains(document.activeElement) ||
    (!getSelection().isCollapsed && live.contains(getSelection().anchorNode));

  async function update() {
    if (!paused && !document.hidden && !inUse()) {
      const answer = await fetch('/live').catch(() => undefined);
      const html = answer?.ok ? await answer.text() : shown;
      if (html !== shown && !inUse()) show(html);
    }
    setTimeout(update, every);
  }

  const pause = document.createElement('button');
  pause.type = 'button';
  pause.id = 'pause';
  pause.className = 'plain';
  pause.textContent = words.pause;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? words.go : words.pause;
  });
  live.after(pause);
  addCopyButtons(document);
  setTimeout(update, every);
})();
