// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.util.Locale;

/** A place in a picture, and the arithmetic of places. */
record Point(double x, double y) {

  static Point onCircle(double radius, double angle) {
    return new Point(radius * Math.cos(angle), radius * Math.sin(angle));
  }

  Point plus(Point other) {
    return new Point(x + other.x, y + other.y);
  }

  Point times(double factor) {
    return new Point(x * factor, y * factor);
  }

  /** The point at a distance from here on the way to another. */
  Point towards(Point other, double distance) {
    return plus(other.plus(times(-1)).unit().times(distance));
  }

  /** A quarter turn around the origin. */
  Point turned() {
    return new Point(-y, x);
  }

  Point unit() {
    double length = Math.hypot(x, y);
    return length == 0 ? this : times(1 / length);
  }

  /** The point of a quadratic curve from here, bent towards a control point. */
  Point onCurve(Point control, Point end, double t) {
    return times((1 - t) * (1 - t)).plus(control.times(2 * t * (1 - t))).plus(end.times(t * t));
  }

  @Override
  public String toString() {
    return number(x) + " " + number(y);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
