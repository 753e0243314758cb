// The dashboard works without this file. It adds live parts, keys, and lists that load as they are scrolled.
'use strict';

// Live parts: the page is asked again, and what has changed is replaced.

const openParts = (root) => new Set([...root.querySelectorAll('details[open]>summary')].map((e) => e.textContent));

function replaceLive(id, fresh) {
  const old = document.getElementById(id);
  const next = fresh.getElementById(id);
  if (!old || !next || old.innerHTML === next.innerHTML) return;
  if (old.contains(document.activeElement) && document.activeElement !== document.body) {
    const { id: box } = document.activeElement;
    const link = document.activeElement.getAttribute('href');
    setTimeout(() => (box ? document.getElementById(box)
      : link && document.querySelector(`#${id} a[href="${CSS.escape(link)}"]`))?.focus(), 0);
  }
  const opened = openParts(old);
  const boxes = [...old.querySelectorAll('input[type=checkbox][id]')].map((box) => [box.id, box.checked]);
  old.replaceChildren(...[...next.childNodes].map((n) => document.importNode(n, true)));
  for (const summary of old.querySelectorAll('details>summary')) {
    if (opened.has(summary.textContent)) summary.parentElement.open = true;
  }
  for (const [name, isOn] of boxes) {
    const box = document.getElementById(name);
    if (box) box.checked = isOn;
  }
}

async function refresh() {
  const parts = [...document.querySelectorAll('[data-live]')];
  if (parts.length === 0) return;
  const waiting = document.querySelector('.waiting') !== null;
  const seconds = Math.min(...parts.map((e) => Number(e.dataset.live)));
  await new Promise((done) => setTimeout(done, waiting ? 500 : seconds * 1000));
  try {
    if (!document.hidden) {
      const answer = await fetch(location.href, { credentials: 'same-origin' });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        // A part that is complete loses its mark, and is then left alone.
        for (const part of parts) {
          if (fresh.querySelector(`#${part.id}[data-live]`)) replaceLive(part.id, fresh);
          else location.reload();
        }
      }
    }
  } catch { /* The server is away; the next round asks again. */ }
  refresh();
}

// Lists: the next page is appended when the end comes near; pages far away leave only their height.

function endless() {
  const first = document.querySelector('ol[data-endless]');
  if (!first || !('IntersectionObserver' in window)) return;
  const contents = new Map();
  const far = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      if (isIntersecting && contents.has(target)) {
        target.replaceChildren(...contents.get(target));
        target.style.height = '';
        contents.delete(target);
      } else if (!isIntersecting && !contents.has(target) && boundingClientRect.height > 0
        && !target.contains(document.activeElement)) {
        target.style.height = `${boundingClientRect.height}px`;
        contents.set(target, [...target.childNodes]);
        target.replaceChildren();
      }
    }
  }, { rootMargin: '4000px' });
  far.observe(first);
  let last = first;
  let isLoading = false;
  const near = new IntersectionObserver(async (entries) => {
    const next = document.querySelector('.results .pages a[rel=next]');
    if (isLoading || !next || !entries.some((e) => e.isIntersecting)) return;
    isLoading = true;
    try {
      const answer = await fetch(next.href, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const list = page.querySelector('ol[data-endless]');
      if (answer.ok && list) {
        last.after(list);
        last = list;
        far.observe(list);
      }
      const following = page.querySelector('.results .pages a[rel=next]');
      if (answer.ok && following) next.replaceWith(following); else next.remove();
    } catch { /* The link stays and can be followed. */ }
    isLoading = false;
    near.disconnect();
    if (document.querySelector('.results .pages')) near.observe(document.querySelector('.results .pages'));
  }, { rootMargin: '1200px' });
  const pages = document.querySelector('.results .pages');
  if (pages) near.observe(pages);
}

// Keys.

const isLabelPage = document.body.classList.contains('page-label');

const keys = [
  ['j', 'next episode'], ['k', 'previous episode'], ['/', 'search'], ['t', 'tokens of the episode'],
  ['p', 'beside another checkpoint'], ['r', 'all runs'], ['?', 'these keys'],
];
const labelKeys = [
  ['m b c', 'malign, benign repair, confused'], ['d h', 'disclosed, hidden: stores the answer'], ['n', 'write a note'],
  ['s', 'skip'], ['u', 'undo'], ['?', 'these keys'],
];

function help() {
  const open = document.querySelector('dialog');
  if (open) { open.close(); return; }
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', 'Keys');
  const list = document.createElement('dl');
  for (const [key, text] of isLabelPage ? labelKeys : keys) {
    const [term, meaning, mark] = ['dt', 'dd', 'kbd'].map((n) => document.createElement(n));
    mark.textContent = key;
    term.append(mark);
    meaning.textContent = text;
    list.append(term, meaning);
  }
  const close = document.createElement('button');
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(list, close);
  document.body.append(dialog);
  dialog.showModal();
}

// Moves the focus in a list, or goes to the neighbour of an episode.
function step(direction) {
  const rows = [...document.querySelectorAll('ol.episodes a, table.runs a.run')];
  if (rows.length > 0) {
    const at = rows.indexOf(document.activeElement);
    const row = rows[at < 0 ? (direction > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + direction))];
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
    return;
  }
  document.querySelector(`header a[rel=${direction > 0 ? 'next' : 'prev'}]`)?.click();
}

function pressLabelKey(key) {
  const target = document.querySelector(`.answer [data-key="${CSS.escape(key)}"]`);
  const chosen = document.querySelector('.answer input[type=radio]:checked');
  if (key === 'u' && chosen) { chosen.checked = false; return true; }
  if (!target) return false;
  if (target.type === 'radio') { target.checked = true; target.focus(); return true; }
  if (target.id === 'note') { target.focus(); return true; }
  target.click();
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const field = event.target;
  const isTyping = field.matches('input:not([type=radio]), select, textarea');
  if (isTyping) {
    if (event.key === 'Escape') field.blur();
    // Return in the note does not answer for the rater.
    if (isLabelPage && event.key === 'Enter' && field.id === 'note') { event.preventDefault(); field.blur(); }
    return;
  }
  const act = {
    j: () => step(1), k: () => step(-1), r: () => { location.href = '/'; }, '?': help,
    '/': () => document.getElementById('q')?.focus(),
    t: () => document.querySelector('[data-key=t]')?.click(), p: () => document.querySelector('[data-key=p]')?.click(),
  };
  if (isLabelPage && event.key !== '?') {
    if (pressLabelKey(event.key)) event.preventDefault();
  } else if (Object.hasOwn(act, event.key)) {
    event.preventDefault();
    act[event.key]();
  }
});

// A request is answered once, however often a key is pressed.
for (const form of document.querySelectorAll('form[method=post]')) {
  let isSent = false;
  form.addEventListener('submit', (event) => { if (isSent) event.preventDefault(); isSent = true; });
}
window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

refresh();
endless();
