#include "apps/node/operator_client.hpp"

#include <boost/json.hpp>
#include <boost/url.hpp>
#include <future>

namespace interlude {

namespace {

namespace json = boost::json;

constexpr std::chrono::seconds patience{40};  // the node has its own: 30 seconds
constexpr std::size_t longest_answer = std::size_t{16} * 1024 * 1024;

error refusal(const std::string& node, unsigned status, const json::object* problem) {
  std::string why = "HTTP " + std::to_string(status);
  if (problem != nullptr)
    for (const auto* name : {"title", "detail"})
      if (const auto* text = problem->if_contains(name); text != nullptr && text->is_string())
        why.append(": ").append(text->get_string());
  if (status == 401 || status == 403)
    return {errc::unauthorized, node,
            why + " (give the node's operator_token as --token or INTERLUDE_OPERATOR_TOKEN)"};
  return {status == 404 ? errc::not_found : errc::unavailable, node, why};
}

}  // namespace

operator_client::operator_client(std::string node, std::string token)
    : node_(std::move(node)), token_(std::move(token)), client_(net::http_client::start({})) {
  while (node_.ends_with('/')) node_.pop_back();
}

operator_client::~operator_client() {
  client_->stop();
}

result<json::value> operator_client::get(std::string_view path, const parameters& query) {
  boost::urls::url target;
  for (const auto& [name, value] : query) target.params().append({name, value});
  fetch_request request;
  request.url = node_ + std::string{path};
  if (!query.empty()) request.url.append("?").append(target.encoded_query());
  return ask(std::move(request));
}

result<json::value> operator_client::post(std::string_view path, const json::object& body) {
  fetch_request request;
  request.method = "POST";
  request.url = node_ + std::string{path};
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return ask(std::move(request));
}

result<json::value> operator_client::ask(fetch_request request) {
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  request.timeout = patience;
  request.max_bytes = longest_answer;
  request.max_redirects = 0;
  std::promise<result<fetch_response>> promise;
  client_->fetch(std::move(request),
                 [&](result<fetch_response> r) { promise.set_value(std::move(r)); });
  const auto answer = promise.get_future().get();
  if (!answer) return answer.error();
  boost::system::error_code ec;
  auto value = json::parse(answer->body, ec);
  const auto* object = ec ? nullptr : value.if_object();
  if (answer->status != 200) return refusal(node_, answer->status, object);
  if (object == nullptr)
    return error{errc::malformed, node_, "this answers, but not as a node of Interlude does"};
  return value;
}

}  // namespace interlude
