// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.policy.Quote;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the findings of one load, each once. */
final class Findings {
  private final Set<Finding> all = new LinkedHashSet<>();

  /** Of a file or a document that is no object. */
  void of(Severity severity, String file, int line, String message) {
    add(severity, new Subject("", "", ""), new Place(file, line), "", message);
  }

  /** Of an object as a whole. */
  void of(Severity severity, ManifestObject object, String message) {
    of(severity, object, FieldPath.ROOT, message);
  }

  void of(Severity severity, ManifestObject object, FieldPath field, String message) {
    add(severity, object.subject(), object.placeOf(field), field.toString(), message);
  }

  private void add(Severity severity, Subject subject, Place place, String field, String message) {
    all.add(finding(severity, subject, place, field, message));
  }

  private static Finding finding(
      Severity severity, Subject subject, Place place, String field, String message) {
    var printable =
        new Subject(
            Quote.plain(subject.kind()),
            Quote.plain(subject.namespace()),
            Quote.plain(subject.name()));
    return new Finding(severity, printable, place, Quote.plain(field), message);
  }

  /** All problems of an object that has no lines. */
  static List<Finding> of(Subject subject, Place place, Problems problems) {
    return problems.all().stream()
        .map(p -> finding(p.severity(), subject, place, p.at().toString(), p.message()))
        .toList();
  }

  /** All problems of an object. */
  void of(ManifestObject object, Problems problems) {
    problems.all().forEach(p -> of(p.severity(), object, p.at(), p.message()));
  }

  LoadReport report() {
    return new LoadReport(List.copyOf(all));
  }
}
