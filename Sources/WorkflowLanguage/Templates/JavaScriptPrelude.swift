/// What is run once in every engine before any template; its value is the function that runs templates.
///
/// Strings get the methods of `java.lang.String` that real workflows use: `replaceAll` with a text as its first argument
/// takes a Java regular expression and a Java replacement (`$1`, `\$`), as it did in the engine of digdag.
enum JavaScriptPrelude {
  static let source = #"""
    (function () {
      'use strict';
      var global = globalThis, stringify = JSON.stringify, textOf = String, Pattern = RegExp;
      var replace = String.prototype.replace, replaceAll = String.prototype.replaceAll, test = RegExp.prototype.test;
      ['performance', 'Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry', 'queueMicrotask', 'DOMException']
        .forEach(function (name) { delete global[name]; });

      function javaPattern(text, flags) {
        var inline = /^\(\?([ims]+)\)/.exec(text);
        return inline ? new Pattern(text.slice(inline[0].length), flags + inline[1]) : new Pattern(text, flags);
      }
      function javaReplacement(text) {
        return function () {
          var groups = arguments;
          var count = 0;
          while (count + 1 < groups.length && typeof groups[count + 1] !== 'number') count++;
          return text.replace(/\\([\s\S])|\$(\d+)/g, function (whole, escaped, digits) {
            if (escaped !== undefined) return escaped;
            var length = 1;
            while (length < digits.length && Number(digits.slice(0, length + 1)) <= count) length++;
            var number = Number(digits.slice(0, length));
            if (number > count) throw new RangeError('No group ' + number);
            return (groups[number] === undefined ? '' : groups[number]) + digits.slice(length);
          });
        };
      }
      function javaReplace(flags) {
        return function (pattern, replacement) {
          if (typeof pattern !== 'string' || typeof replacement === 'function') {
            return (flags ? replaceAll : replace).call(this, pattern, replacement);
          }
          return replace.call(this, javaPattern(pattern, flags), javaReplacement(textOf(replacement)));
        };
      }
      var methods = {
        replaceAll: javaReplace('g'),
        replaceFirst: javaReplace(''),
        matches: function (pattern) { return test.call(javaPattern('^(?:' + pattern + ')$', ''), this); },
        contains: function (other) { return this.indexOf(other) >= 0; },
        equals: function (other) { return typeof other === 'string' && textOf(this) === other; },
        equalsIgnoreCase: function (other) {
          return typeof other === 'string' && this.toLowerCase() === other.toLowerCase();
        },
        isEmpty: function () { return this.length === 0; }
      };
      Object.keys(methods).forEach(function (name) {
        Object.defineProperty(String.prototype, name, { value: methods[name], writable: true, configurable: true });
      });

      return function (template, input) {
        var part = -1;
        try {
          var parts = template(input[0]), text = input[1];
          for (part = 0; part < parts.length; part++) {
            var value = parts[part]();
            if (typeof value !== 'string') {
              value = value === null || value === undefined ? '' : stringify(value);
              if (value === undefined) value = '';
            }
            text += value + input[part + 2];
          }
          return text;
        } catch (error) {
          return [textOf(error), part];
        }
      };
    })()
    """#

  /// Stops the clock of one run: `new Date()`, `Date.now()` and `moment()` give this second.
  static func clock(_ now: Int64) -> String {
    """
    (function(){var Real=Date,now=\(now)*1000;
    function Fixed(){
      if(!new.target)return new Real(now).toString();
      return arguments.length?Reflect.construct(Real,arguments):new Real(now);}
    Fixed.prototype=Real.prototype;Fixed.UTC=Real.UTC;Fixed.parse=Real.parse;
    Fixed.now=function(){return now;};
    globalThis.Date=Fixed;if(typeof moment!=='undefined')moment.now=Fixed.now;})();
    """
  }
}
