package dev.jkubelet.model.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What names may look like; each rule answers what is wrong, nothing if all is well. */
final class NameRules {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Rule DNS_LABEL =
      new Rule(
          LABEL,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character",
          "'my-name',  or '123-abc', ");
  private static final Rule DNS_SUBDOMAIN =
      new Rule(
          LABEL + "(\\." + LABEL + ")*",
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
              + " or '.', and must start and end with an alphanumeric character",
          "'example.com', ");
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final Rule QUALIFIED_NAME =
      new Rule(
          QUALIFIED,
          "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
              + " alphanumeric character",
          "'MyName',  or 'my.name',  or '123-abc', ");
  private static final Rule LABEL_VALUE =
      new Rule(
          "(" + QUALIFIED + ")?",
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
              + " '.', and must start and end with an alphanumeric character",
          "'MyValue',  or 'my_value',  or '12345', ");
  private static final Rule ENV_NAME =
      new Rule(
          "[-._a-zA-Z][-._a-zA-Z0-9]*",
          "a valid environment variable name must consist of alphabetic characters, digits, '_',"
              + " '-', or '.', and must not start with a digit",
          "'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', ");
  private static final Rule CONFIG_KEY =
      new Rule(
          "[-._a-zA-Z0-9]+",
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          "'key.name',  or 'KEY_NAME',  or 'key-name', ");
  private static final Rule HEADER =
      new Rule(
          "[-A-Za-z0-9]+",
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          "'X-Header-Name', ");
  private static final Rule UID =
      new Rule(
          "[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?",
          "a pod's UID names its folder and containers: it must consist of alphanumeric characters,"
              + " '-' or '.', and must start and end with an alphanumeric character",
          "'8d7b7f4c-93be-4bb2-a0b3-7b1e4e3f2b11', ");

  private NameRules() {}

  private record Rule(Pattern pattern, String wording) {
    Rule(String regex, String wording, String examples) {
      this(
          Pattern.compile(regex),
          wording + " (e.g. " + examples + "regex used for validation is '" + regex + "')");
    }

    List<String> check(String value, int longest) {
      var faults = new ArrayList<String>();
      if (value.length() > longest) {
        // Not even matched: the pattern's cost would be the sender's choice.
        faults.add("must be no more than " + longest + " characters");
      } else if (!pattern.matcher(value).matches()) {
        faults.add(wording);
      }
      return faults;
    }
  }

  static List<String> dnsLabel(String value) {
    return DNS_LABEL.check(value, 63);
  }

  static List<String> dnsSubdomain(String value) {
    return DNS_SUBDOMAIN.check(value, 253);
  }

  static List<String> labelValue(String value) {
    return LABEL_VALUE.check(value, 63);
  }

  static List<String> headerName(String value) {
    return HEADER.check(value, 253);
  }

  static List<String> podUid(String value) {
    return UID.check(value, 63);
  }

  static List<String> envName(String value) {
    return noUpwardPath(value, ENV_NAME.check(value, 4096));
  }

  static List<String> configKey(String value) {
    return noUpwardPath(value, CONFIG_KEY.check(value, 253));
  }

  private static List<String> noUpwardPath(String value, List<String> faults) {
    if (value.equals(".") || value.equals("..")) {
      faults.add("must not be '" + value + "'");
    } else if (value.startsWith("..")) {
      faults.add("must not start with '..'");
    }
    return faults;
  }

  /** A label's or annotation's key: {@code name} or {@code prefix/name}. */
  static List<String> qualifiedName(String value) {
    var slash = value.indexOf('/');
    var name = value.substring(slash + 1);
    var faults = new ArrayList<String>();
    if (slash == 0) {
      faults.add("prefix part must be non-empty");
    } else if (slash > 0) {
      dnsSubdomain(value.substring(0, slash)).forEach(fault -> faults.add("prefix part " + fault));
    }
    if (name.isEmpty()) {
      faults.add("name part must be non-empty");
    }
    QUALIFIED_NAME.check(name, 63).forEach(fault -> faults.add("name part " + fault));
    return faults;
  }

  static List<String> portName(String value) {
    var faults = new ArrayList<String>();
    if (value.length() > 15) {
      faults.add("must be no more than 15 characters");
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> lower(c) || digit(c) || c == '-')) {
      faults.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (value.chars().noneMatch(NameRules::lower)) {
      faults.add("must contain at least one letter (a-z)");
    }
    if (value.contains("--")) {
      faults.add("must not contain consecutive hyphens");
    }
    if (value.startsWith("-") || value.endsWith("-")) {
      faults.add("must not begin or end with a hyphen");
    }
    return faults;
  }

  static List<String> portNumber(Integer value) {
    return value != null && value >= 1 && value <= 65_535
        ? List.of()
        : List.of("must be between 1 and 65535, inclusive");
  }

  private static boolean lower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }
}
