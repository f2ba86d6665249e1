// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What was found wrong while a cluster's objects were read, each finding once.
 *
 * @param findings in the order in which they were found
 */
public record LoadReport(List<Finding> findings) {
  /** How much a finding matters, most first. */
  public enum Severity {
    /** Part of an object is not used; what depends on it is closed or undecidable. */
    ERROR,
    /** The object is used, but perhaps not as its author meant. */
    WARNING,
    /** Worth knowing, nothing to mend. */
    NOTE
  }

  /**
   * The object of a finding.
   *
   * @param kind its kind; empty if it is not known
   * @param namespace its namespace; empty if it has none or it is not known
   * @param name its name; empty if it is not known
   */
  public record Subject(String kind, String namespace, String name) {
    /**
     * Checks that nothing is missing.
     *
     * @param kind its kind
     * @param namespace its namespace
     * @param name its name
     */
    public Subject {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(namespace, "namespace");
      Objects.requireNonNull(name, "name");
    }

    /** Returns for example {@code NetworkPolicy shop/allow-web}. */
    @Override
    public String toString() {
      String path = namespace.isEmpty() ? name : namespace + "/" + name;
      return kind.isEmpty() ? "document" : (kind + " " + path).strip();
    }
  }

  /**
   * Where something is written.
   *
   * @param file the file as it was named
   * @param line the line, from 1; 0 where there are no lines, since it is no file
   */
  public record Place(String file, int line) {
    /**
     * Checks that nothing is missing.
     *
     * @param file the file
     * @param line the line, from 1, or 0
     */
    public Place {
      Objects.requireNonNull(file, "file");
    }

    /** Returns {@code file:line}. */
    @Override
    public String toString() {
      return line == 0 ? file : file + ":" + line;
    }
  }

  /**
   * One thing that was found.
   *
   * @param severity how much it matters
   * @param subject the object
   * @param place where it is written
   * @param field the path of the field, such as {@code spec.ingress[0].from[1].ipBlock.cidr}; empty
   *     for the whole object
   * @param message what is wrong, what follows, and what to do
   */
  public record Finding(
      Severity severity, Subject subject, Place place, String field, String message) {
    /**
     * Checks that nothing is missing.
     *
     * @param severity how much it matters
     * @param subject the object
     * @param place where it is written
     * @param field the path of the field
     * @param message what is wrong and what to do
     */
    public Finding {
      Objects.requireNonNull(severity, "severity");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(message, "message");
    }

    /** Returns one line in the form that editors and compilers use. */
    @Override
    public String toString() {
      String at = field.isEmpty() ? "" : " " + field;
      String level = severity.name().toLowerCase(java.util.Locale.ROOT);
      return place + ": " + level + ": " + subject + at + ": " + message;
    }
  }

  /**
   * Copies the list.
   *
   * @param findings in the order in which they were found
   */
  public LoadReport {
    findings = List.copyOf(findings);
  }

  /**
   * The findings of one severity.
   *
   * @param severity which
   * @return in the order in which they were found
   */
  public List<Finding> of(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).toList();
  }

  /**
   * All findings for people.
   *
   * @return one line each; empty if there are none
   */
  public String render() {
    return findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
  }
}
