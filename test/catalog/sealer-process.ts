/** Waits for the end of its input; then opens the key of a folder, and prints a text sealed with it. */
import process from 'node:process';
import { Sealer } from '../../src/catalog/sealer.ts';

process.stdin.on('end', () => process.stdout.write(Sealer.open(process.argv[2] ?? '').seal('hush'))).resume();
process.stdout.write('ready\n');
