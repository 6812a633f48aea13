package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for what goes into a pod's {@code resolv.conf} and {@code hosts}. */
final class DnsValidation {
  private static final int MOST_NAMESERVERS = 3;
  private static final int MOST_SEARCHES = 6;
  private static final int LONGEST_SEARCH_LIST = 256;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private DnsValidation() {}

  static void validate(PodDNSConfig config, String policy, FieldPath path, FieldErrors errors) {
    if ("None".equals(policy)) {
      if (config == null) {
        errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
      } else if (config.getNameservers().isEmpty()) {
        errors.required(
            path.child("nameservers"),
            "must provide at least one DNS nameserver when `dnsPolicy` is None");
      }
    }
    if (config == null) {
      return;
    }
    nameservers(config.getNameservers(), path.child("nameservers"), errors);
    searches(config.getSearches(), path.child("searches"), errors);
    for (var i = 0; i < config.getOptions().size(); i++) {
      if (PodDefaults.isEmpty(config.getOptions().get(i).getName())) {
        errors.required(path.child("options").index(i), "must not be empty");
      }
    }
  }

  private static void nameservers(List<String> servers, FieldPath path, FieldErrors errors) {
    if (servers.size() > MOST_NAMESERVERS) {
      errors.invalid(path, servers, "must not have more than " + MOST_NAMESERVERS + " nameservers");
    }
    for (var i = 0; i < servers.size(); i++) {
      address(servers.get(i), path.index(i), errors);
    }
  }

  private static void searches(List<String> searches, FieldPath path, FieldErrors errors) {
    if (searches.size() > MOST_SEARCHES) {
      errors.invalid(path, searches, "must not have more than " + MOST_SEARCHES + " search paths");
    }
    if (String.join(" ", searches).length() > LONGEST_SEARCH_LIST) {
      errors.invalid(
          path,
          searches,
          "must not have more than 256 characters (including spaces) in the search list");
    }
    for (var i = 0; i < searches.size(); i++) {
      var search = searches.get(i);
      var bare = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
      errors.invalid(path.index(i), bare, NameRules.dnsSubdomain(bare));
    }
  }

  static void hostAliases(List<HostAlias> aliases, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < aliases.size(); i++) {
      var alias = aliases.get(i);
      address(alias.getIp(), path.index(i).child("ip"), errors);
      var names = alias.getHostnames();
      for (var n = 0; n < names.size(); n++) {
        errors.invalid(
            path.index(i).child("hostnames").index(n),
            names.get(n),
            NameRules.dnsSubdomain(names.get(n)));
      }
    }
  }

  /** Checked by hand: the JDK's parser would ask a name server about anything else. */
  private static void address(String text, FieldPath path, FieldErrors errors) {
    if (!isAddress(text)) {
      errors.invalid(path, text == null ? "" : text, "must be valid IP address");
    }
  }

  static boolean isAddress(String text) {
    if (text == null || text.length() > 45) {
      return false;
    }
    if (IPV4.matcher(text).matches()) {
      return Pattern.compile("\\.")
          .splitAsStream(text)
          .allMatch(
              part -> Integer.parseInt(part) < 256 && (part.equals("0") || part.charAt(0) != '0'));
    }
    if (!IPV6.matcher(text).matches()) {
      return false;
    }
    try {
      // With a colon in it, ofLiteral parses and never looks a name up.
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
