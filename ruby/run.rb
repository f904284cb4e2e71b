# Runs one Ruby method for an `rb>` task: ruby …/ruby/run.rb EXCHANGE
#
# EXCHANGE is a JSON file. At the start it holds `{"command": "Module::Class.method", "require": [...], "params": {…}}`; at the
# end its content is replaced by what came of it: `{"store": {…}, "export": {…}, "subtasks": {…}}`, or
# `{"error": {"message": …, "class": …, "traceback": …}}` with exit code 1.
#
# Works with every Ruby from 2.5 on and needs no gem.
require "json"

# What scripts see of their task: `Digdag.env`.
module Digdag
  class Env
    # All parameters of the task, by text.
    attr_reader :params

    def initialize(params, requires)
      @params = params
      @requires = requires
      @left = { "store" => {}, "export" => {}, "subtasks" => {} }
    end

    # Leaves values behind for all tasks that follow.
    def store(params = {}, **more)
      merge("store", params, more)
    end

    # Leaves values behind for the subtasks of this task and for its `_check`.
    def export(params = {}, **more)
      merge("export", params, more)
    end

    # Keeps values in `params` for the rest of this try.
    def set_state(params = {}, **more)
      [params, more].each { |values| @params.update(Env.snapshot(values)) }
    end

    # Adds a task that runs after this one: `add_subtask(:method, key: value)`, `add_subtask(Class, :method, key: value)`,
    # or the map of any task.
    def add_subtask(*arguments, **params)
      if arguments.empty? || arguments[0].is_a?(Hash)
        task = (arguments[0] || {}).merge(params)
      else
        arguments, map = arguments.partition { |argument| !argument.is_a?(Hash) }
        names = arguments.map { |argument| argument.is_a?(Module) ? argument.name : argument.to_s }
        raise ArgumentError, "add_subtask takes a method, or a class and a method" if names.length > 2
        task = map.inject({}) { |all, one| all.merge(one) }.merge(params)
        task["require"] = @requires unless @requires.empty? || task.key?("require") || task.key?(:require)
        task["rb>"] = names.join(".")
      end
      subtasks = @left["subtasks"]
      subtasks["+subtask#{subtasks.length}"] = Env.snapshot(task)
    end

    def left_behind
      @left
    end

    # A copy made of JSON types only, so that what is changed later does not count.
    def self.snapshot(values)
      JSON.parse(JSON.generate(values))
    rescue JSON::GeneratorError, JSON::NestingError => error
      raise ArgumentError, "Parameters must be serializable using JSON: #{error.message}"
    end

    private

    def merge(kind, *maps)
      maps.each { |values| @left[kind].update(Env.snapshot(values)) }
    end
  end

  class << self
    attr_accessor :env
  end
end
$LOADED_FEATURES << "digdag.rb" # so that `require "digdag"` finds it there

# Finds what `method`, `Class.method` or `Module::Class.method` names, and calls it with arguments by name.
module TadoruCall
  def self.run(command, params)
    names = command.split(".", -1)
    if names.length > 2 || names.any?(&:empty?)
      raise ArgumentError, "expected `method` or `Module::Class.method`, found `#{command}`"
    end
    method = names.last.to_sym
    return invoke(TOPLEVEL_BINDING.receiver.method(method), method, params) if names.length == 1

    owner = names[0].split("::").inject(Object) { |scope, name| scope.const_get(name) }
    if owner.is_a?(Class) && owner.method_defined?(method)
      instance = construct(owner, params)
      return invoke(instance.method(method), "#{owner}##{method}", params)
    end
    invoke(owner.method(method), command, params)
  end

  def self.construct(owner, params)
    by_position, by_name = arguments(owner.instance_method(:initialize), "#{owner}.new", params)
    by_name.empty? ? owner.new(*by_position) : owner.new(*by_position, **by_name)
  end

  def self.invoke(method, name, params)
    by_position, by_name = arguments(method, name, params)
    by_name.empty? ? method.call(*by_position) : method.call(*by_position, **by_name)
  end

  # What a method declares, out of the parameters.
  def self.arguments(method, name, params)
    by_position = []
    by_name = {}
    gap = false
    method.parameters.each do |kind, key|
      given = key && params.key?(key.to_s)
      case kind
      when :req, :keyreq
        raise ArgumentError, "Method '#{name}' requires parameter '#{key}' but not set" unless given
        kind == :req ? by_position << params[key.to_s] : by_name[key] = params[key.to_s]
      when :opt
        gap ||= !given # what stands behind one that is left out keeps its own value too
        by_position << params[key.to_s] unless gap
      when :key then by_name[key] = params[key.to_s] if given
      when :keyrest then params.each { |other, value| by_name[other.to_sym] = value unless by_name.key?(other.to_sym) }
      end
    end
    [by_position, by_name]
  end
end

def tadoru_write(path, result)
  # In place: the file was made for this user's eyes only.
  File.open(path, "w") { |file| file.write(JSON.generate(result)) }
end

def tadoru_require(name)
  path = File.expand_path(name)
  File.file?(path) || File.file?(path + ".rb") ? require(path) : require(name)
end

def tadoru_main(exchange)
  request = JSON.parse(File.read(exchange, encoding: "UTF-8"))
  requires = request["require"]
  $LOAD_PATH.unshift(Dir.pwd)
  Digdag.env = Digdag::Env.new(request["params"], requires)
  begin
    requires.each { |name| tadoru_require(name) }
    TadoruCall.run(request["command"], request["params"])
  rescue SystemExit => error
    # `exit` in a script means that it is done, as anywhere else.
    raise unless error.success?
  rescue Exception => error # what a script raises, it is told as its failure
    own = (error.backtrace || []).reject { |line| line.start_with?(__FILE__) }
    message = error.message.lines.first.to_s.chomp
    tadoru_write(exchange, "error" => {
      "message" => message, "class" => error.class.name,
      "traceback" => (["#{message} (#{error.class})"] + own.map { |line| "  from #{line}" }).join("\n")
    })
    return 1
  end
  tadoru_write(exchange, Digdag.env.left_behind)
  0
end

# What is printed is seen at once, although it goes through a pipe.
$stdout.sync = true
exit tadoru_main(ARGV[0])
