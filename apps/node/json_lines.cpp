#include "apps/node/json_lines.hpp"

#include <algorithm>

namespace interlude {

namespace {

// Walks a well-formed JSON text and remembers the line of the deepest value that leads to the path.
class walker {
 public:
  walker(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted) {}

  std::size_t run() {
    value("");
    return found_;
  }

 private:
  void skip_blank() {
    for (;; ++at_) {
      if (at_ >= text_.size()) return;
      if (text_[at_] == '\n') ++line_;
      if (text_.substr(at_, 2) == "//") {
        at_ = text_.find('\n', at_);
        if (at_ == std::string_view::npos) at_ = text_.size();
        --at_;
      } else if (text_.substr(at_, 2) == "/*") {
        const auto end = std::min(text_.find("*/", at_ + 2), text_.size());
        for (; at_ < end; ++at_) line_ += text_[at_] == '\n' ? 1u : 0u;
        ++at_;
      } else if (text_[at_] != ' ' && text_[at_] != '\t' && text_[at_] != '\r' &&
                 text_[at_] != '\n') {
        return;
      }
    }
  }

  std::string string() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size()) out += text_[at_];
    }
    ++at_;
    return out;
  }

  void value(const std::string& path) {
    skip_blank();
    const bool leads_there =
        wanted_.starts_with(path) && (path.size() == wanted_.size() || path.empty() ||
                                      wanted_[path.size()] == '.' || wanted_[path.size()] == '[');
    if (leads_there) found_ = line_;
    if (at_ >= text_.size()) return;
    if (text_[at_] == '{') return members(path, '}');
    if (text_[at_] == '[') return members(path, ']');
    if (text_[at_] == '"') return void(string());
    while (at_ < text_.size() && text_.find_first_of(",]} \t\r\n/", at_) != at_) ++at_;
  }

  void members(const std::string& path, char end) {
    ++at_;
    for (std::size_t index = 0; at_ < text_.size(); ++index) {
      skip_blank();
      if (at_ >= text_.size() || text_[at_] == end) break;
      std::string inner = path + "[" + std::to_string(index) + "]";
      std::size_t key_line = 0;
      if (end == '}') {
        const auto line = line_;
        inner = path.empty() ? string() : path + "." + string();
        skip_blank();
        ++at_;  // ':'
        key_line = line;
      }
      value(inner);
      if (key_line != 0 && inner == wanted_) found_ = key_line;
      skip_blank();
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
    }
    ++at_;
  }

  std::string_view text_, wanted_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t found_ = 1;
};

}  // namespace

std::size_t line_of(std::string_view text, std::string_view path) {
  return walker{text, path}.run();
}

}  // namespace interlude
