import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeHtml } from '../../../src/bench/report/escape-html.ts';

const test = suite('escape-html');

test('B-66: no text leaves a character that HTML would take for its own', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const escaped = escapeHtml(text);
			assert.not.match(escaped, /[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
			assert.ok(escaped.isWellFormed());
		}),
	);
});

test('B-66: other text stays as it is', () => {
	assert.is(escapeHtml('µs — 日本語 🙂\n\t'), 'µs — 日本語 🙂\n\t');
	assert.is(escapeHtml(`<a href="x" id='y'>&`), '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
	assert.is(escapeHtml('a\u0000b\u202ec\ud800'), 'a\ufffdb\ufffdc\ufffd');
});

test.run();
