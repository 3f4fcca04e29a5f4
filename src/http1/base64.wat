;; Base64 (RFC 4648 section 4) by vector instructions, after Wojciech Muła and Daniel Lemire, "Faster Base64 Encoding and Decoding
;; using AVX2 Instructions" (2018): 12 bytes to 16 signs a turn, and back. scripts/generate-base64-wasm.ts makes base64-wasm.ts of it.
;;
;; Constants are loaded before a loop, and not written into it, because V8 would make them anew in each turn: that takes three times as long.
;; Relaxed instructions are the processor's own, without what makes them alike where they differ between processors. Where each
;; is used, all processors give one result: indices of swizzles are below 16 or above 127, products do not overflow.
(module
  (memory (export "memory") 1 1)

  ;; What is converted begins here, and what comes out there: 8 KiB of either and some bytes more fit.
  (global $input (export "input") i32 (i32.const 1024))
  (global $output (export "output") i32 (i32.const 16384))

  ;;   0  of bytes a b c: b a c b, so that each six bits stand together in one half of 32 bits
  (data (i32.const 0) "\01\00\02\01\04\03\05\04\07\06\08\07\0a\09\0b\0a")
  ;;  16  first and third six bits, in place, and by what they are multiplied, over 2^15, to go where they belong
  (data (i32.const 16) "\00\fc\c0\0f\00\fc\c0\0f\00\fc\c0\0f\00\fc\c0\0f")
  (data (i32.const 32) "\20\00\00\02\20\00\00\02\20\00\00\02\20\00\00\02")
  ;;  48  where these are then; the product has a sign
  (data (i32.const 48) "\3f\00\3f\00\3f\00\3f\00\3f\00\3f\00\3f\00\3f\00")
  ;;  64  second and fourth six bits, and by what they are multiplied
  (data (i32.const 64) "\f0\03\3f\00\f0\03\3f\00\f0\03\3f\00\f0\03\3f\00")
  (data (i32.const 80) "\10\00\00\01\10\00\00\01\10\00\00\01\10\00\00\01")
  ;;  96  from a value to its sign: of 0 to 25 add 'A', of 26 to 51 'a' - 26, ten times '0' - 52, '+' - 62, '/' - 63
  (data (i32.const 96) "\41\47\fc\fc\fc\fc\fc\fc\fc\fc\fc\fc\ed\f0\00\00")
  ;; 112  51 and 25: what makes of a value the index in the table above
  (data (i32.const 112) "\33\33\33\33\33\33\33\33\33\33\33\33\33\33\33\33")
  (data (i32.const 128) "\19\19\19\19\19\19\19\19\19\19\19\19\19\19\19\19")

  ;; 144  lower four bits
  (data (i32.const 144) "\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f\0f")
  ;; 160  which signs are none, by their lower and their upper four bits: those for which both have one bit in common
  (data (i32.const 160) "\15\11\11\11\11\11\11\11\11\11\13\1a\1b\1b\1b\1a")
  (data (i32.const 176) "\10\10\01\02\04\08\04\08\10\10\10\10\10\10\10\10")
  ;; 192  from a sign to its value, by its upper four bits, less one for '/'
  (data (i32.const 192) "\00\10\13\04\bf\bf\b9\b9\00\00\00\00\00\00\00\00")
  ;; 208  '/', 'A'
  (data (i32.const 208) "\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f\2f")
  (data (i32.const 224) "\41\41\41\41\41\41\41\41\41\41\41\41\41\41\41\41")
  ;; 240  two values of six bits to one of twelve, then two of these to one of 24
  (data (i32.const 240) "\40\01\40\01\40\01\40\01\40\01\40\01\40\01\40\01")
  (data (i32.const 256) "\00\10\01\00\00\10\01\00\00\10\01\00\00\10\01\00")
  ;; 272  their three bytes, the upper one first
  (data (i32.const 272) "\02\01\00\06\05\04\0a\09\08\0e\0d\0c\ff\ff\ff\ff")

  ;; Bytes at $input to Base64 at $output. There is as much of it as whole groups were given; what follows is of no meaning.
  (func (export "encode") (param $bytes i32)
    (local $from i32) (local $to i32) (local $end i32)
    (local $groups v128) (local $values v128)
    (local $spread v128) (local $odd v128) (local $oddBy v128) (local $oddThen v128) (local $even v128) (local $evenBy v128)
    (local $signs v128) (local $last v128) (local $first v128)
    (local.set $spread (v128.load (i32.const 0)))
    (local.set $odd (v128.load (i32.const 16)))
    (local.set $oddBy (v128.load (i32.const 32)))
    (local.set $oddThen (v128.load (i32.const 48)))
    (local.set $even (v128.load (i32.const 64)))
    (local.set $evenBy (v128.load (i32.const 80)))
    (local.set $signs (v128.load (i32.const 96)))
    (local.set $last (v128.load (i32.const 112)))
    (local.set $first (v128.load (i32.const 128)))
    (local.set $from (global.get $input))
    (local.set $to (global.get $output))
    (local.set $end (i32.add (local.get $from) (local.get $bytes)))
    (loop $next
      (local.set $groups (i8x16.relaxed_swizzle (v128.load (local.get $from)) (local.get $spread)))
      (local.set $values
        (v128.or
          (v128.and
            (i16x8.relaxed_q15mulr_s (v128.and (local.get $groups) (local.get $odd)) (local.get $oddBy))
            (local.get $oddThen))
          (i16x8.mul (v128.and (local.get $groups) (local.get $even)) (local.get $evenBy))))
      (v128.store (local.get $to)
        (i8x16.add
          (local.get $values)
          (i8x16.relaxed_swizzle
            (local.get $signs)
            ;; 0 up to 25, 1 up to 51, then 2 to 13: a comparison gives -1 where it holds.
            (i8x16.sub
              (i8x16.sub_sat_u (local.get $values) (local.get $last))
              (i8x16.gt_s (local.get $values) (local.get $first))))))
      (local.set $from (i32.add (local.get $from) (i32.const 12)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $end)))))

  ;; Base64 at $input, without padding, to bytes at $output: as many as the signs given stand for; what follows is of no meaning.
  ;; Answers 1 where one of them is no sign of the alphabet.
  (func (export "decode") (param $signs i32) (result i32)
    (local $from i32) (local $to i32) (local $end i32)
    (local $text v128) (local $upper v128) (local $wrong v128)
    (local $nibble v128) (local $noneLower v128) (local $noneUpper v128) (local $values v128) (local $slash v128)
    (local $pair v128) (local $four v128) (local $bytes v128)
    (local.set $nibble (v128.load (i32.const 144)))
    (local.set $noneLower (v128.load (i32.const 160)))
    (local.set $noneUpper (v128.load (i32.const 176)))
    (local.set $values (v128.load (i32.const 192)))
    (local.set $slash (v128.load (i32.const 208)))
    (local.set $pair (v128.load (i32.const 240)))
    (local.set $four (v128.load (i32.const 256)))
    (local.set $bytes (v128.load (i32.const 272)))
    (local.set $from (global.get $input))
    (local.set $to (global.get $output))
    (local.set $end (i32.add (local.get $from) (local.get $signs)))
    ;; The last turn reads on beyond what was given: good signs, for it must not be found wrong.
    (v128.store (local.get $end) (v128.load (i32.const 224)))
    (loop $next
      (local.set $text (v128.load (local.get $from)))
      (local.set $upper (v128.and (i32x4.shr_u (local.get $text) (i32.const 4)) (local.get $nibble)))
      (local.set $wrong
        (v128.or
          (local.get $wrong)
          (v128.and
            (i8x16.relaxed_swizzle (local.get $noneLower) (v128.and (local.get $text) (local.get $nibble)))
            (i8x16.relaxed_swizzle (local.get $noneUpper) (local.get $upper)))))
      (v128.store (local.get $to)
        (i8x16.relaxed_swizzle
          (i32x4.dot_i16x8_s
            (i16x8.relaxed_dot_i8x16_i7x16_s
              (i8x16.add
                (local.get $text)
                (i8x16.relaxed_swizzle
                  (local.get $values)
                  (i8x16.add (local.get $upper) (i8x16.eq (local.get $text) (local.get $slash)))))
              (local.get $pair))
            (local.get $four))
          (local.get $bytes)))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 12)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
    (v128.any_true (local.get $wrong))))
